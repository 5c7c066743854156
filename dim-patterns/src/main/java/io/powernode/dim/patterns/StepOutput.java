package io.powernode.dim.patterns;

import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.TaskResult;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a step answered.
 *
 * @param tensors for later steps to read; none if the rows stay
 * @param answer the job's, if this is its last step; empty if the rows stay
 * @param stay where they stay
 */
record StepOutput(Map<String, Tensor> tensors, Optional<JobOutput> answer, Optional<Stay> stay) {

  /**
   * Rows on their node.
   *
   * @param node which
   * @param handle under which they stay there
   * @param names of their tensors
   */
  record Stay(String node, String handle, Set<String> names) {}

  static StepOutput of(Map<String, Tensor> tensors) {
    return new StepOutput(tensors, Optional.of(JobOutput.ofTensors(tensors)), Optional.empty());
  }

  /** The answer of a block, or of a reduction. */
  static StepOutput of(JobOutput answer) {
    return new StepOutput(BlockTensors.of(answer), Optional.of(answer), Optional.empty());
  }

  /** The answer of a vote. */
  static StepOutput ofVote(JobOutput answer) {
    return new StepOutput(BlockTensors.ofVote(answer), Optional.of(answer), Optional.empty());
  }

  /** What a node answered, whether it left or not. */
  static StepOutput of(TaskResult.Success success) {
    if (success.handle().isEmpty()) {
      return of(success.outputs());
    }
    Set<String> names = new LinkedHashSet<>();
    success.rows().map(NodeRows::tensors).orElseThrow().stream()
        .map(TensorSpec::name)
        .forEach(names::add);
    Stay stay = new Stay(success.nodeId(), success.handle().get(), names);
    return new StepOutput(Map.of(), Optional.empty(), Optional.of(stay));
  }
}
