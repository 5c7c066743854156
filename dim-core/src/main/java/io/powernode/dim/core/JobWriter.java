package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Commits the writes of one job strictly in order: one commit is under way at a time and takes
 * along everything that came meanwhile, so that a crash loses only a suffix. What nobody waits for
 * is held back a moment, since something that somebody waits for often follows at once. Every
 * commit demands that this orchestrator's session lives and that nobody else has touched the job.
 * While the store refuses, the job's writes wait. What it can never write leaves a gap, after which
 * nothing is written but an end. Thread-safe.
 */
final class JobWriter {
  private static final Duration RETRY = Duration.ofMillis(200);

  /** Shorter than anything that is worth not doing again after a crash. */
  private static final Duration BEHIND = Duration.ofMillis(2);

  private static final ErrorInfo FENCED =
      ErrorInfo.of(ErrorCode.FENCED, "another orchestrator owns the job, or the session ended");
  private static final ErrorInfo OUTDATED =
      ErrorInfo.of(ErrorCode.CONFLICT, "the job has gone on meanwhile");
  private static final ErrorInfo OVER =
      ErrorInfo.of(ErrorCode.CONFLICT, "the job has ended, or was handed over");
  private static final ErrorInfo SPOILT =
      ErrorInfo.of(
          ErrorCode.INTERNAL, "something that the job has to keep cannot be stored; see the log");

  private final Tenure tenure;
  private final String jobKey;
  private final Runnable onFenced;
  private final Object lock = new Object();
  private long version;
  private Map<String, Write> pending = new LinkedHashMap<>();
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private Optional<ErrorInfo> refusal = Optional.empty();
  private Optional<Subscription> heldBack = Optional.empty();
  private boolean underWay;
  private volatile Consumer<ErrorInfo> onSpoilt = why -> {};

  /**
   * A writer.
   *
   * @param version of the job's record in the store
   * @param onFenced called once when the job turns out to be somebody else's
   */
  JobWriter(Tenure tenure, String jobId, long version, Runnable onFenced) {
    this.tenure = tenure;
    this.jobKey = Keys.job(jobId);
    this.version = version;
    this.onFenced = onFenced;
  }

  /** Sets who is told why the job has to end because something can never be written. */
  void onSpoilt(Consumer<ErrorInfo> listener) {
    onSpoilt = listener;
  }

  /** Whether the job is certainly still this orchestrator's: see {@link Tenure#isSure}. */
  boolean isSure() {
    return tenure.isSure();
  }

  /** Hands in writes; the future completes when they, and all before them, are durable. */
  CompletableFuture<Void> write(List<Write> writes) {
    return handIn(() -> writes, Haste.NOW, () -> false);
  }

  /** The same for writes that nobody waits for: within a few milliseconds they are under way. */
  CompletableFuture<Void> writeBehind(List<Write> writes) {
    return handIn(() -> writes, Haste.BEHIND, () -> false);
  }

  /**
   * Hands in writes unless they are outdated by now, which is refused with CONFLICT: whoever first
   * outdates them and then hands in its own writes is sure that those are the last.
   */
  CompletableFuture<Void> writeUnless(BooleanSupplier outdated, List<Write> writes) {
    return handIn(() -> writes, Haste.NOW, outdated);
  }

  /**
   * Hands in the job's last writes here: what comes later is refused with CONFLICT. If they cannot
   * be written, others may be handed in as the last.
   *
   * @param writes called while nothing else is handed in, so that they can make all of it moot;
   *     must not block
   */
  CompletableFuture<Void> writeLast(Supplier<List<Write>> writes) {
    return handIn(writes, Haste.LAST, () -> false);
  }

  /** Completes when everything handed in so far is durable. */
  CompletableFuture<Void> flushed() {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    synchronized (lock) {
      if (refusal.isPresent() && !isRefusal(OVER)) {
        return failed(refusal.get());
      }
      if (waiting.isEmpty() && !underWay) {
        return CompletableFuture.completedFuture(null);
      }
      waiting.add(durable);
      if (underWay) {
        return durable;
      }
      underWay = true;
    }
    commitAll();
    return durable;
  }

  private enum Haste {
    BEHIND,
    NOW,
    LAST
  }

  private CompletableFuture<Void> handIn(
      Supplier<List<Write>> writes, Haste haste, BooleanSupplier outdated) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    synchronized (lock) {
      if (refusal.isPresent() && !(haste == Haste.LAST && isRefusal(SPOILT))) {
        return failed(refusal.get());
      }
      if (outdated.getAsBoolean()) {
        return failed(OUTDATED);
      }
      writes.get().forEach(write -> pending.put(write.key(), write));
      if (haste == Haste.LAST) {
        refusal = Optional.of(OVER);
      }
      waiting.add(durable);
      if (underWay || (haste == Haste.BEHIND && isHeldBack())) {
        return durable;
      }
      underWay = true;
    }
    commitAll();
    return durable;
  }

  /** Under the lock. */
  private boolean isRefusal(ErrorInfo why) {
    return refusal.equals(Optional.of(why));
  }

  /** Under the lock. Where nothing can be scheduled any more, nothing is held back. */
  private boolean isHeldBack() {
    if (heldBack.isEmpty()) {
      Environment environment = tenure.environment();
      try {
        heldBack =
            Optional.of(environment.schedule(BEHIND, () -> environment.execute(this::commitHeld)));
      } catch (RejectedExecutionException shutDown) {
        return false;
      }
    }
    return true;
  }

  private void commitHeld() {
    synchronized (lock) {
      if (underWay || waiting.isEmpty()) {
        return;
      }
      underWay = true;
    }
    commitAll();
  }

  /** A loop, since a store that answers at once would else nest as deep as writes come in. */
  private void commitAll() {
    Optional<Batch> batch = next();
    while (batch.isPresent() && commit(batch.get())) {
      batch = next();
    }
  }

  private Optional<Batch> next() {
    synchronized (lock) {
      if (waiting.isEmpty()) {
        underWay = false;
        return Optional.empty();
      }
      releaseHeld();
      Batch batch = new Batch(List.copyOf(pending.values()), waiting);
      pending = new LinkedHashMap<>();
      waiting = new ArrayList<>();
      return Optional.of(batch);
    }
  }

  /** Under the lock. */
  private void releaseHeld() {
    heldBack.ifPresent(Subscription::close);
    heldBack = Optional.empty();
  }

  /** Whether the batch was settled at once; if not, whoever settles it goes on. */
  private boolean commit(Batch batch) {
    if (batch.writes.isEmpty()) {
      committed(batch);
      return true;
    }
    Commit commit;
    synchronized (lock) {
      List<Guard> guards =
          List.of(new Guard.LiveSession(tenure.epoch()), new Guard.AtVersion(jobKey, version));
      commit = tenure.commit(guards, batch.writes);
    }
    CompletableFuture<CommitResult> answer = tenure.handIn(commit);
    if (answer.isDone()) {
      return isSettled(batch, answer);
    }
    answer.whenComplete(
        (result, failed) -> {
          if (isSettled(batch, answer)) {
            commitAll();
          }
        });
    return false;
  }

  private boolean isSettled(Batch batch, CompletableFuture<CommitResult> answer) {
    if (answer.isCompletedExceptionally()) {
      giveUp(batch, SPOILT, () -> onSpoilt.accept(SPOILT));
      return true;
    }
    CommitResult result = answer.join();
    if (result instanceof CommitResult.Committed) {
      committed(batch);
      return true;
    }
    if (result instanceof CommitResult.Unknown unknown) {
      soon(batch, Duration.ZERO, () -> resolve(batch, unknown.transactionId()));
      return false;
    }
    if (result instanceof CommitResult.Refused && !tenure.isOver()) {
      soon(batch, RETRY, () -> again(batch));
      return false;
    }
    giveUp(batch, FENCED, onFenced);
    return true;
  }

  private void again(Batch batch) {
    if (commit(batch)) {
      commitAll();
    }
  }

  private void resolve(Batch batch, String transactionId) {
    StateStore.Outcome outcome;
    try {
      outcome = tenure.store().lookup(transactionId);
    } catch (RuntimeException unavailable) {
      soon(batch, RETRY, () -> resolve(batch, transactionId));
      return;
    }
    if (outcome == StateStore.Outcome.COMMITTED) {
      committed(batch);
      commitAll();
    } else {
      soon(batch, RETRY, () -> again(batch));
    }
  }

  private void soon(Batch batch, Duration delay, Runnable action) {
    Environment environment = tenure.environment();
    try {
      if (tenure.isOver()) {
        abandon(batch);
      } else if (delay.isZero()) {
        environment.execute(action);
      } else {
        environment.schedule(delay, () -> environment.execute(action));
      }
    } catch (RejectedExecutionException shutDown) {
      abandon(batch);
    }
  }

  private void abandon(Batch batch) {
    giveUp(batch, FENCED, onFenced);
    commitAll();
  }

  private void committed(Batch batch) {
    synchronized (lock) {
      if (batch.writes.stream().anyMatch(write -> write.key().equals(jobKey))) {
        version++;
      }
    }
    batch.waiting.forEach(future -> future.complete(null));
  }

  /** What was handed in after the batch is lost with it: a crash may lose a suffix, never a gap. */
  private void giveUp(Batch batch, ErrorInfo why, Runnable tell) {
    List<CompletableFuture<Void>> lost = new ArrayList<>(batch.waiting);
    synchronized (lock) {
      refusal = Optional.of(why);
      releaseHeld();
      lost.addAll(waiting);
      waiting = new ArrayList<>();
      pending = new LinkedHashMap<>();
    }
    tell.run();
    lost.forEach(future -> future.completeExceptionally(new DimException(why)));
  }

  private static CompletableFuture<Void> failed(ErrorInfo why) {
    return CompletableFuture.failedFuture(new DimException(why));
  }

  /** Writes that are committed together, and who waits for them. */
  private record Batch(List<Write> writes, List<CompletableFuture<Void>> waiting) {}
}
