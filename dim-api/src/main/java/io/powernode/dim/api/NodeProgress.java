package io.powernode.dim.api;

import java.util.Objects;
import java.util.Optional;

/**
 * What one node has done for a job so far.
 *
 * @param nodeId the node
 * @param status how its latest task stands
 * @param executionTime milliseconds of its latest finished task; 0 while none is
 * @param error why its latest task failed
 */
public record NodeProgress(
    String nodeId, Status status, long executionTime, Optional<ErrorInfo> error) {
  public NodeProgress {
    Objects.requireNonNull(status, "status");
  }

  /** How a node's latest task stands. */
  public enum Status {
    /** It was sent, and not answered yet. */
    RUNNING,
    /** It answered. */
    DONE,
    /** It failed for good. */
    FAILED,
    /** It had not answered when nobody waited any more. */
    LATE
  }
}
