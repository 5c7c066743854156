package io.powernode.dim.api;

import java.util.Optional;

/**
 * What one node has done for a job so far.
 *
 * @param nodeId the node
 * @param status {@code running}, {@code done}, {@code failed} or {@code late}
 * @param executionTime milliseconds of its latest finished task; 0 while none is
 * @param error why its latest task failed
 */
public record NodeProgress(
    String nodeId, String status, long executionTime, Optional<ErrorInfo> error) {}
