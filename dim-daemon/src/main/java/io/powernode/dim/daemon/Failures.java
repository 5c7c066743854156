package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Ids;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong into a failure that may leave the node. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(PowerNode.class);

  private Failures() {}

  static TaskResult of(Throwable error, String nodeId, TaskEnvelope task, long durationMs) {
    ErrorInfo info = info(error, task).about("node", nodeId);
    if (task.work() instanceof TaskEnvelope.Work.Model model) {
      info = info.about("model", model.descriptor().id());
    }
    String cabinet = task.input() instanceof TaskInput.Cabinet c ? c.name().orElse("") : "";
    if (Ids.isValid(cabinet)) {
      info = info.about("cabinet", cabinet);
    }
    return TaskResult.failure(nodeId, info, durationMs);
  }

  /**
   * Waits for what another thread does.
   *
   * @param otherwise the error for a failure that is no {@link DimException}
   * @throws DimException if it failed: a fresh one, with the other thread's as its cause
   */
  static <T> T join(CompletableFuture<T> done, ErrorInfo otherwise) {
    try {
      return done.join();
    } catch (CompletionException e) {
      throw new DimException(
          e.getCause() instanceof DimException known ? known.info() : otherwise, e);
    }
  }

  /**
   * What is not a {@link DimException} may hold anything in its message, rows included: only its
   * type and place are logged, and nothing of it is answered.
   */
  private static ErrorInfo info(Throwable error, TaskEnvelope task) {
    if (error instanceof DimException known) {
      LOG.debug("task {} of job {}: {}", task.id().step(), task.id().jobId(), known.code());
      return known.info();
    }
    StackTraceElement[] trace = error.getStackTrace();
    LOG.debug(
        "task {} of job {}: {} at {}",
        task.id().step(),
        task.id().jobId(),
        error.getClass().getName(),
        trace.length == 0 ? "an unknown place" : trace[0]);
    return ErrorInfo.of(ErrorCode.INTERNAL, "the node met a defect while it ran the task");
  }
}
