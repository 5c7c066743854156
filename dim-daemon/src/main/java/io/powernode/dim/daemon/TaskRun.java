package io.powernode.dim.daemon;

import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.spi.CancellationSource;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One admitted task on its way to its one answer. Thread-safe. */
final class TaskRun {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

  private final String nodeId;
  private final TaskEnvelope task;
  private final Admission.Work work;
  private final LongSupplier clock;
  private final long arrivedAt;
  private final long timeoutNanos;
  private final CancellationSource cancellation = new CancellationSource();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<TaskResult> answer = new CompletableFuture<>();
  private volatile long epoch;

  TaskRun(
      String nodeId, TaskEnvelope task, Admission.Work work, Duration timeout, LongSupplier clock) {
    this.nodeId = nodeId;
    this.task = task;
    this.epoch = task.epoch();
    this.work = work;
    this.clock = clock;
    this.arrivedAt = clock.getAsLong();
    this.timeoutNanos = timeout.toNanos();
  }

  Admission.Work work() {
    return work;
  }

  TaskId id() {
    return task.id();
  }

  /** The latest in which it was asked for. */
  long epoch() {
    return epoch;
  }

  /** One thread at a time. */
  void isAskedForIn(long later) {
    epoch = Math.max(epoch, later);
  }

  String requester() {
    return task.requester().userId();
  }

  /** Whether the time that its sender gave it is over. */
  boolean isOverdue() {
    return isOverIn(Duration.ZERO);
  }

  /** Whether that time is over soon. */
  boolean isOverIn(Duration time) {
    return clock.getAsLong() - arrivedAt >= timeoutNanos - time.toNanos();
  }

  boolean hasEnded() {
    return ended.get();
  }

  /** Does the work; throws whatever it throws. */
  TaskResult success() {
    return success(work.run(cancellation));
  }

  TaskResult success(Release release) {
    return release.success(nodeId, durationMs());
  }

  TaskResult failure(Throwable error) {
    return Failures.of(error, nodeId, task, durationMs());
  }

  /** Tells the work that nobody waits for it any more; a plugin that chokes on it stops nobody. */
  void cancel() {
    try {
      cancellation.cancel();
    } catch (RuntimeException e) {
      LOG.debug("task {} of job {}: {}", id().step(), id().jobId(), e.getClass().getName());
    }
  }

  /** Whether the caller is the first to end the task, and so the one to {@link #complete} it. */
  boolean end() {
    return ended.compareAndSet(false, true);
  }

  void complete(TaskResult result) {
    answer.complete(result);
  }

  void whenEnded(Runnable action) {
    answer.whenComplete((result, error) -> action.run());
  }

  /** The answer, which nobody outside can complete. */
  CompletionStage<TaskResult> answer() {
    return answer.minimalCompletionStage();
  }

  private long durationMs() {
    return TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - arrivedAt);
  }
}
