package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import java.util.Optional;

/**
 * One way of doing a step: by its model, its fallback, its action or its block.
 *
 * @param attempt of the pipeline, from 1
 * @param key the durable key of its task or block
 * @param model that runs; empty for an action or a block
 */
record StepRun(PipelineStep step, int attempt, String key, Optional<ModelDescriptor> model) {

  /** What people know it by. */
  String work() {
    return model
        .map(ModelDescriptor::id)
        .or(step::action)
        .or(() -> step.block().map(PatternSpec::pattern))
        .orElseThrow();
  }
}
