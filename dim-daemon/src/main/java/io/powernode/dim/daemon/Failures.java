package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong into an error that may leave the node. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(PowerNode.class);

  private Failures() {}

  /**
   * The error to answer. What is not a {@link DimException} may hold anything in its message, rows
   * included, so only its type is logged and nothing of it is answered.
   */
  static ErrorInfo of(Throwable error, TaskId task) {
    if (error instanceof DimException known) {
      LOG.debug("task {} of job {}: {}", task.step(), task.jobId(), known.code());
      return known.info();
    }
    LOG.debug(
        "task {} of job {}: failed with {} at {}",
        task.step(),
        task.jobId(),
        error.getClass().getName(),
        error.getStackTrace().length == 0 ? "an unknown place" : error.getStackTrace()[0]);
    return ErrorInfo.of(ErrorCode.INTERNAL, "the node met a defect while it ran the task");
  }
}
