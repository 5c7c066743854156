package io.powernode.dim.patterns;

import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.Tensor;
import java.util.Map;

/**
 * What a step answered.
 *
 * @param tensors for later steps to read
 * @param answer the job's, if this is its last step
 */
record StepOutput(Map<String, Tensor> tensors, JobOutput answer) {
  static StepOutput of(Map<String, Tensor> tensors) {
    return new StepOutput(tensors, JobOutput.ofTensors(tensors));
  }

  static StepOutput ofBlock(JobOutput answer) {
    return new StepOutput(BlockTensors.of(answer), answer);
  }
}
