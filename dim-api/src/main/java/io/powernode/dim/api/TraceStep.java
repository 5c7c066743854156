package io.powernode.dim.api;

import java.util.Optional;

/**
 * One entry of a pipeline's trace.
 *
 * @param step the step's number; {@value #NO_STEP} of what the orchestrator undid by itself, after
 *     or without the pattern's engine
 * @param name the step's name; its task's, if the orchestrator undid it by itself
 * @param modelId the model, the fallback's id if that was used; an action's name, a block's pattern
 * @param nodeId where it ran; empty if it ran nowhere, or as a block
 * @param status what became of it
 * @param attempt which attempt of the pipeline, from 1
 * @param durationMs how long it took, milliseconds
 * @param outputDigest the digest of what it answered
 * @param error why it failed
 * @param block what a block came to
 * @param rows how many rows went through the step; empty if all did unasked
 */
public record TraceStep(
    int step,
    String name,
    String modelId,
    Optional<String> nodeId,
    TraceStatus status,
    int attempt,
    long durationMs,
    Optional<Digest> outputDigest,
    Optional<ErrorInfo> error,
    Optional<BlockResult> block,
    Optional<RoutedRows> rows) {

  /** Stands for the number of a step that only its engine could number. */
  public static final int NO_STEP = 0;
}
