package io.powernode.dim.patterns;

import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.spi.Catalog;
import java.util.HashSet;
import java.util.Set;

/** Where the steps of a pipeline have their data from. */
final class StepSources {
  private final Catalog catalog;

  StepSources(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Whether a step reads its {@code inputSource}: all do, but blocks that have their own data. */
  boolean readsSource(PipelineStep step) {
    return step.block()
        .flatMap(block -> BlockEngine.of(block, catalog))
        .map(BlockEngine::readsInput)
        .orElse(true);
  }

  /** Whether a step reads the job's own data. */
  boolean readsClientData(PipelineStep step) {
    return step.inputSource().equals(PipelineStep.CLIENT_DATA) && readsSource(step);
  }

  /** The numbers of the earlier steps whose answers become a step's input. */
  Set<Integer> steps(PipelineStep step) {
    Set<Integer> steps = new HashSet<>();
    if (readsSource(step)) {
      PipelineStep.sourceStep(step.inputSource()).ifPresent(steps::add);
    }
    step.inputs().values().forEach(from -> PipelineStep.sourceStep(from).ifPresent(steps::add));
    return steps;
  }
}
