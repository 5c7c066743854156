package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;

/** Why an attempt at a pipeline is over. */
sealed interface PipelineEnd {
  /** Each step answered or was skipped. */
  record Answered() implements PipelineEnd {}

  /** A block waits for a review. */
  record Waiting() implements PipelineEnd {}

  /** A step failed for good. */
  record Failed(PipelineStep step, ErrorInfo error) implements PipelineEnd {
    /** The failure in one sentence. */
    String sentence() {
      return StepInputs.label(step) + ": " + error.code() + ": " + error.message();
    }
  }
}
