package io.powernode.dim.core;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that this orchestrator owns: runs them in their turn, and sees them to their end.
 * Thread-safe.
 */
final class JobService {
  private static final Logger LOG = LoggerFactory.getLogger(JobService.class);
  private static final Duration POSTPONED = Duration.ofSeconds(1);

  /** How many jobs that were taken over are ended at once. */
  static final int ENDINGS = 16;

  private final Environment environment;
  private final JobBook book;
  private final JobRunner runner;
  private final FewAtOnce endings;
  private final AdmissionQueue queue;
  private final ReviewDesk reviews;
  private final DurationEstimator durations;
  private final Retention retention;
  private final Map<String, JobRun> live = new ConcurrentHashMap<>();
  private volatile Optional<ErrorInfo> left = Optional.empty();

  /** How many jobs run at once, and how many may wait. */
  record QueueLimits(int running, int waiting) {}

  JobService(
      Execution.Shared shared,
      JobBook book,
      QueueLimits limits,
      DurationEstimator durations,
      Retention retention) {
    this.environment = shared.dispatcher().environment();
    this.book = book;
    this.durations = durations;
    this.retention = retention;
    this.runner = new JobRunner(shared, book, retention);
    this.endings = new FewAtOnce(environment, ENDINGS);
    this.queue = new AdmissionQueue(environment, limits.running(), limits.waiting(), this::begin);
    this.reviews = new ReviewDesk(environment, book, this::enqueue);
  }

  /** The job, while it has not ended and is owned here. */
  Optional<JobRun> live(String jobId) {
    return Optional.ofNullable(live.get(jobId));
  }

  /** Room for one more job; refused if no further job can wait. */
  AdmissionQueue.Place reserve() {
    return queue.reserve();
  }

  /** Lets a job that was just accepted run in its turn. */
  void admit(JobRun run, AdmissionQueue.Place place) {
    if (take(run)) {
      enqueue(run, place);
    }
  }

  private void enqueue(JobRun run, AdmissionQueue.Place place) {
    JobRecord record = run.record();
    queue.add(record.jobId(), record.id().userId(), record.spec().priority(), place);
    endIfStopped(run);
  }

  /** Lets a job that was taken over run in its turn, or wait for its review. */
  void admit(JobRun run) {
    if (!take(run)) {
      return;
    }
    if (run.record().state() == JobState.AWAITING_REVIEW) {
      reviews.await(run);
    } else {
      enqueue(run);
    }
  }

  /** Runs an accepted job on the calling thread if its turn is now; else it waits for it. */
  void runHere(JobRun run, AdmissionQueue.Place place) {
    if (!take(run)) {
      return;
    }
    if (queue.tryStart(run.jobId(), place)) {
      run.runHere();
      runInSlot(run.jobId());
    } else {
      enqueue(run, place);
    }
  }

  /** Takes over a job that was told to stop, only to end it. After an outage, many are. */
  void finish(JobRun run) {
    if (take(run)) {
      endings.execute(() -> runNow(run));
    }
  }

  /** Asks a job to end as cancelled, wherever it stands. */
  void cancel(JobRun run) {
    stop(run, cancelled(run.jobId()));
  }

  private void stop(JobRun run, ErrorInfo why) {
    run.requestStop(why);
    if (queue.remove(run.jobId())) {
      environment.execute(() -> runNow(run));
    } else {
      endIfWaiting(run);
    }
  }

  /** Does soon what was asked for a job, if it is live. */
  void heed(String jobId) {
    if (live.containsKey(jobId)) {
      environment.execute(() -> heedNow(jobId));
    }
  }

  private void heedNow(String jobId) {
    try {
      book.intents(jobId).forEach(this::heed);
    } catch (RuntimeException unavailable) {
      LOG.warn("what is asked for job {} could not be read; trying again later", jobId);
    }
  }

  /** Does what was asked for a job, if it is live. */
  void heed(Intent intent) {
    live(intent.jobId()).ifPresent(run -> heed(run, intent));
  }

  private void heed(JobRun run, Intent intent) {
    if (intent instanceof Intent.Answer answer) {
      reviews.heed(run, answer);
    } else {
      cancel(run);
    }
  }

  /** Unless an answer to its review is on its way: then the job goes on, and ends. */
  private void endIfWaiting(JobRun run) {
    if (run.takeReview().isPresent()) {
      environment.execute(() -> runNow(run));
    }
  }

  /** Stops every job where it stands, for its next owner. */
  void leave(ErrorInfo why) {
    left = Optional.of(why);
    live.values().forEach(run -> leave(run, why));
  }

  /** Stops one job where it stands: it has another owner. */
  void fenced(String jobId) {
    ErrorInfo why = ErrorInfo.of(ErrorCode.FENCED, "another orchestrator owns the job");
    live(jobId).ifPresent(run -> leave(run, why.about("job", jobId)));
  }

  /**
   * Stops every job where it stands, so that its next owner need not count it as a crash. Completes
   * when that is durable.
   */
  CompletableFuture<Void> handOver() {
    List<CompletableFuture<Void>> durable = new ArrayList<>();
    for (JobRun run : live.values()) {
      durable.add(
          handedOver(run).map(last -> handOver(run, last)).orElseGet(run.writer()::flushed));
    }
    leave(ErrorInfo.of(ErrorCode.UNAVAILABLE, "the orchestrator is shutting down"));
    return CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new));
  }

  /** A job whose end is under way needs no next owner, but the store's answer. */
  private CompletableFuture<Void> handOver(JobRun run, JobRecord last) {
    return run.writer()
        .writeLast(() -> List.of(book.put(last)))
        .exceptionallyCompose(over -> run.writer().flushed());
  }

  /** The record with the time that is left, if that is less than the store has. */
  private Optional<JobRecord> handedOver(JobRun run) {
    JobRecord record = run.current();
    if (record.state() == JobState.RUNNING) {
      JobRecord.Lifecycle life = record.life().in(JobState.PENDING);
      return Optional.of(
          record.with(
              run.deadline().isPresent()
                  ? life.remaining(until(run.deadline().getAsLong()))
                  : life));
    }
    Optional<Duration> left = run.reviewTime();
    // Taken, so that no answer lets the job go on meanwhile.
    return run.takeReview()
        .filter(asked -> left.isPresent())
        .map(asked -> record.withReview(Optional.of(asked.left(left.get()))));
  }

  private Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - environment.nanoTime()));
  }

  /** How long a new job of a pattern will probably take. */
  Duration estimate(String pattern) {
    return durations.estimate(pattern);
  }

  /** How long a job will probably still take. */
  Duration estimate(JobRecord record) {
    Duration whole = estimate(record.spec().pattern());
    Optional<JobRun> run = live(record.jobId()).filter(r -> r.deadline().isPresent());
    if (run.isEmpty()) {
      return whole;
    }
    Duration left = until(run.get().deadline().orElse(environment.nanoTime()));
    Duration spent = record.life().remaining().minus(left);
    return spent.compareTo(whole) < 0 ? whole.minus(spent) : Duration.ZERO;
  }

  /** False if the job is live already, or this orchestrator has left its jobs. */
  private boolean take(JobRun run) {
    if (live.putIfAbsent(run.jobId(), run) != null) {
      return false;
    }
    run.writer().onSpoilt(why -> stop(run, why.about("job", run.jobId())));
    left.ifPresent(why -> leave(run, why));
    return left.isEmpty();
  }

  private void enqueue(JobRun run) {
    JobRecord record = run.record();
    queue.add(record.jobId(), record.id().userId(), record.spec().priority());
    endIfStopped(run);
  }

  /** A job that was told to stop meanwhile need not wait for a slot in order to end. */
  private void endIfStopped(JobRun run) {
    if (run.stop().reason().isPresent() && queue.remove(run.jobId())) {
      environment.execute(() -> runNow(run));
    }
  }

  /** Whoever runs its engine takes note; if nobody does, it is dropped here. */
  private void leave(JobRun run, ErrorInfo why) {
    run.requestLeave(why);
    queue.remove(run.jobId());
    if (run.tryStart()) {
      forget(run);
    }
  }

  private void forget(JobRun run) {
    run.takeReview();
    live.remove(run.jobId(), run);
    run.over().tell();
  }

  private void begin(String jobId) {
    environment.execute(() -> runInSlot(jobId));
  }

  private void runInSlot(String jobId) {
    Optional<JobRun> run = live(jobId).filter(JobRun::tryStart);
    Optional<JobRunner.Outcome> outcome;
    try {
      outcome = run.map(this::runEngine);
    } finally {
      queue.release(jobId);
    }
    outcome.ifPresent(how -> goOn(run.get(), how));
  }

  /** Without a job slot: only to end a job. */
  private void runNow(JobRun run) {
    if (run.tryStart()) {
      goOn(run, runEngine(run));
    }
  }

  private JobRunner.Outcome runEngine(JobRun run) {
    long started = environment.nanoTime();
    JobRunner.Outcome outcome = runner.run(run);
    if (run.record().state() == JobState.COMPLETED) {
      Duration took = Duration.ofNanos(environment.nanoTime() - started);
      durations.observe(run.record().spec().pattern(), took);
    }
    return outcome;
  }

  /** Only after the job slot was given back, since a review may come at once. */
  private void goOn(JobRun run, JobRunner.Outcome outcome) {
    if (outcome instanceof JobRunner.Outcome.Ended) {
      forget(run);
      retention.ended();
    } else if (outcome instanceof JobRunner.Outcome.Left) {
      forget(run);
    } else if (outcome instanceof JobRunner.Outcome.Suspended suspended) {
      run.suspend(suspended.record());
      reviews.await(run);
      heed(run.jobId());
      run.leave().reason().ifPresent(why -> leave(run, why));
      run.stop().reason().ifPresent(why -> endIfWaiting(run));
    } else {
      run.rest();
      run.leave().reason().ifPresent(why -> leave(run, why));
      environment.schedule(POSTPONED, () -> environment.execute(() -> again(run)));
    }
  }

  private void again(JobRun run) {
    if (run.stop().reason().isEmpty()) {
      enqueue(run);
    } else {
      runNow(run);
    }
  }

  static ErrorInfo cancelled(String jobId) {
    return ErrorInfo.of(ErrorCode.CANCELLED, "the job was cancelled").about("job", jobId);
  }
}
