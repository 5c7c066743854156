package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Progress;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * A job that this orchestrator owns, for as long as it has not ended. Fields that change are
 * guarded by the lock; the rest is thread-safe by itself.
 */
final class JobRun {
  private final JobWriter writer;
  private final Updates updates;
  private final NodeLedger ledger;
  private final long acceptedAt;
  private final OverSignal over = new OverSignal();
  private final StopSignal stop = new StopSignal();
  private final StopSignal leave = new StopSignal();
  private final Object lock = new Object();
  private JobRecord record;

  /** The review that it waits for, until an answer is taken. */
  private Optional<JobRecord.PendingReview> open;

  private Optional<Countdown> reviewTime = Optional.empty();
  private Optional<JobEnding> ending = Optional.empty();
  private OptionalLong deadline = OptionalLong.empty();
  private OptionalLong postponedSince = OptionalLong.empty();
  private boolean isNew;
  private boolean isAccounted;
  private boolean started;
  private volatile Optional<Thread> hostThread = Optional.empty();

  /**
   * A job.
   *
   * @param isNew whether it was just accepted, so that the store has no journal of it
   * @param acceptedAt when it was, on the environment's monotonic clock
   */
  JobRun(
      boolean isNew,
      JobRecord record,
      JobWriter writer,
      Updates updates,
      NodeLedger ledger,
      long acceptedAt) {
    this.isNew = isNew;
    this.record = record;
    this.open = awaited(record);
    this.writer = writer;
    this.updates = updates;
    this.ledger = ledger;
    this.acceptedAt = acceptedAt;
  }

  String jobId() {
    return record().jobId();
  }

  JobRecord record() {
    synchronized (lock) {
      return record;
    }
  }

  /** Whether the store has no journal of the job; true once at most. */
  boolean takeNew() {
    synchronized (lock) {
      boolean was = isNew;
      isNew = false;
      return was;
    }
  }

  JobWriter writer() {
    return writer;
  }

  Updates updates() {
    return updates;
  }

  NodeLedger ledger() {
    return ledger;
  }

  StopSignal stop() {
    return stop;
  }

  /** How long ago the job was accepted; by a wall clock only for the time before it came here. */
  Duration age(Environment environment) {
    return Duration.ofNanos(environment.nanoTime() - acceptedAt);
  }

  /** Told when the job has ended, or was left to its next owner. */
  OverSignal over() {
    return over;
  }

  /** When the job's time is up, on the environment's monotonic clock; empty while none runs. */
  OptionalLong deadline() {
    synchronized (lock) {
      return deadline;
    }
  }

  void deadline(OptionalLong when) {
    synchronized (lock) {
      deadline = when;
    }
  }

  /**
   * Postpones the job because the store cannot be read; says whether that has gone on for so long.
   *
   * @param now on the environment's monotonic clock
   */
  boolean isPostponedFor(Duration limit, long now) {
    synchronized (lock) {
      if (postponedSince.isEmpty()) {
        postponedSince = OptionalLong.of(now);
      }
      return now - postponedSince.getAsLong() >= Spans.nanos(limit);
    }
  }

  /** The store could be read. */
  void goOn() {
    synchronized (lock) {
      postponedSince = OptionalLong.empty();
    }
  }

  /** The calling thread, which is the host's own, is going to run the engine. */
  void runHere() {
    hostThread = Optional.of(Thread.currentThread());
  }

  /**
   * Waits for a stage. A thread of the host's that is interrupted waits on, and is interrupted
   * again afterwards.
   *
   * @throws DimException if a thread of the environment is interrupted: the job is left to its next
   *     owner then
   */
  <T> T await(Environment environment, CompletionStage<T> stage) {
    return hostThread.equals(Optional.of(Thread.currentThread()))
        ? Waiting.uninterruptibly(environment, stage)
        : Waiting.on(environment, stage, this::leftByInterruption);
  }

  private ErrorInfo leftByInterruption() {
    ErrorInfo why = ErrorInfo.of(ErrorCode.UNAVAILABLE, "the orchestrator is shutting down");
    requestLeave(why);
    return why;
  }

  /** Keeps a changed record, without writing it, and tells listeners. */
  void become(JobRecord changed) {
    synchronized (lock) {
      record = changed;
      open = awaited(changed);
    }
    updates.publish(changed.state(), changed.account().progress());
  }

  /**
   * Keeps a record that waits for a review, which is durable, and tells listeners. In one step with
   * {@link #rest}: whoever takes the review can run the engine.
   */
  void suspend(JobRecord waiting) {
    synchronized (lock) {
      record = waiting;
      open = awaited(waiting);
      started = false;
    }
    updates.publish(waiting.state(), waiting.account().progress());
  }

  /** Keeps why the job must end, without writing it. */
  void mustEnd(ErrorInfo why) {
    synchronized (lock) {
      record = record.withError(Optional.of(why));
    }
  }

  /** Keeps how the job ended, which is durable, and tells listeners. */
  void end(JobEnding how) {
    synchronized (lock) {
      ending = Optional.of(how);
    }
    become(how.record());
  }

  /** How the job ended, once that is durable; empty for good if it was left to its next owner. */
  Optional<JobEnding> ending() {
    synchronized (lock) {
      return ending;
    }
  }

  private static Optional<JobRecord.PendingReview> awaited(JobRecord record) {
    return record.state() == JobState.AWAITING_REVIEW ? record.review() : Optional.empty();
  }

  /** Tells people how far the job is. */
  void progress(int done, int total) {
    JobRecord changed;
    if (leave.reason().isPresent()) {
      return;
    }
    synchronized (lock) {
      changed =
          record.with(
              new JobRecord.Account(ledger.cost(), ledger.nodes(), new Progress(done, total)));
      record = changed;
    }
    updates.publish(changed.state(), changed.account().progress());
  }

  /** Starts the account from what the journal has: until then, the stored one holds. */
  void account(List<Fact.Answer> answers) {
    ledger.restore(answers);
    synchronized (lock) {
      isAccounted = true;
    }
  }

  /** The record with the nodes and cost of this moment. */
  JobRecord current() {
    synchronized (lock) {
      if (!isAccounted) {
        return record;
      }
      return record.with(
          new JobRecord.Account(ledger.cost(), ledger.nodes(), record.account().progress()));
    }
  }

  /** Told when this orchestrator is to leave the job, rollbacks included, to its next owner. */
  StopSignal leave() {
    return leave;
  }

  /** Leaves the job to its next owner. */
  void requestLeave(ErrorInfo why) {
    leave.stop(why);
    stop.stop(why);
  }

  /** Asks the job to end; says whether this was the first reason to stop. */
  boolean requestStop(ErrorInfo why) {
    return stop.stop(why);
  }

  /** Claims the right to run the engine; one caller at a time has it until {@link #rest}. */
  boolean tryStart() {
    synchronized (lock) {
      if (started) {
        return false;
      }
      started = true;
      return true;
    }
  }

  /** Gives the right to run the engine back, so that it may run again. */
  void rest() {
    synchronized (lock) {
      started = false;
    }
  }

  /** Sets what ends the wait for a review; it is closed when an answer is taken. */
  void reviewTime(Countdown countdown) {
    Optional<Countdown> outdated = Optional.of(countdown);
    synchronized (lock) {
      if (open.isPresent()) {
        outdated = reviewTime;
        reviewTime = Optional.of(countdown);
      }
    }
    outdated.ifPresent(Countdown::close);
  }

  /** How long it still waits for a review, if it does and not for ever. */
  Optional<Duration> reviewTime() {
    synchronized (lock) {
      return reviewTime.filter(time -> open.isPresent()).map(Countdown::left);
    }
  }

  /** Takes the review that was asked for under a step, so that only one answer is heeded. */
  Optional<JobRecord.PendingReview> takeReview(String step) {
    return takeReview(pending -> pending.step().equals(step));
  }

  /** Takes whatever review it waits for, so that no answer is heeded any more. */
  Optional<JobRecord.PendingReview> takeReview() {
    return takeReview(any -> true);
  }

  private Optional<JobRecord.PendingReview> takeReview(Predicate<JobRecord.PendingReview> which) {
    Optional<JobRecord.PendingReview> taken;
    Optional<Countdown> time;
    synchronized (lock) {
      taken = open.filter(which);
      if (taken.isEmpty()) {
        return taken;
      }
      open = Optional.empty();
      time = reviewTime;
      reviewTime = Optional.empty();
    }
    time.ifPresent(Countdown::close);
    return taken;
  }
}
