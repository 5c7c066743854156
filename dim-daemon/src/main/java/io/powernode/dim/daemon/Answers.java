package io.powernode.dim.daemon;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tasks by identity: those that run, and the answers of those that ran, kept until they are
 * acknowledged or there are too many. What may go better another time is not kept. Thread-safe.
 */
final class Answers {
  private final int maxKept;
  private final long maxKeptBytes;
  private final Map<TaskId, TaskRun> running = new HashMap<>();
  private final Map<TaskId, TaskResult> kept = new LinkedHashMap<>();
  private long keptBytes;

  Answers(int maxKept, long maxKeptBytes) {
    this.maxKept = maxKept;
    this.maxKeptBytes = maxKeptBytes;
  }

  /**
   * The answer there is or will be under the run's identity; if none, the run takes it. A run that
   * was there before is asked for in the run's epoch from now on.
   */
  synchronized Optional<CompletionStage<TaskResult>> claim(TaskRun run) {
    TaskResult answer = kept.get(run.id());
    if (answer != null) {
      return Optional.of(CompletableFuture.completedStage(answer));
    }
    Optional<TaskRun> first = Optional.ofNullable(running.putIfAbsent(run.id(), run));
    first.ifPresent(same -> same.isAskedForIn(run.epoch()));
    return first.map(TaskRun::answer);
  }

  /** Ends a run with its answer; false if it had ended before. */
  boolean end(TaskRun run, TaskResult result) {
    if (!keep(run, result)) {
      return false;
    }
    run.complete(result);
    return true;
  }

  /**
   * Takes out a run that is to be left, and that nobody can join any more then; false if it had
   * ended before, or is asked for in a later epoch. Its answer is the caller's to give.
   */
  synchronized boolean leave(TaskRun run, long epoch) {
    if (run.epoch() > epoch || !run.end()) {
      return false;
    }
    running.remove(run.id(), run);
    return true;
  }

  private synchronized boolean keep(TaskRun run, TaskResult result) {
    if (!run.end()) {
      return false;
    }
    running.remove(run.id(), run);
    if (isWorthKeeping(result)) {
      forget(run.id());
      kept.put(run.id(), result);
      keptBytes += bytes(result);
      dropOldest();
    }
    return true;
  }

  synchronized Optional<TaskRun> running(TaskId id) {
    return Optional.ofNullable(running.get(id));
  }

  synchronized List<TaskRun> allRunning() {
    return List.copyOf(running.values());
  }

  synchronized void forget(TaskId id) {
    TaskResult answer = kept.remove(id);
    if (answer != null) {
      keptBytes -= bytes(answer);
    }
  }

  private void dropOldest() {
    Iterator<TaskResult> oldest = kept.values().iterator();
    while (kept.size() > maxKept || keptBytes > maxKeptBytes) {
      keptBytes -= bytes(oldest.next());
      oldest.remove();
    }
  }

  private static boolean isWorthKeeping(TaskResult result) {
    if (result instanceof TaskResult.Failure failure) {
      return !failure.error().retryable() && failure.error().code() != ErrorCode.CANCELLED;
    }
    return true;
  }

  private static long bytes(TaskResult result) {
    return result instanceof TaskResult.Success success
        ? success.outputs().values().stream().mapToLong(Tensor::byteSize).sum()
        : 0;
  }
}
