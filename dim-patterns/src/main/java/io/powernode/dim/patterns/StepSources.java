package io.powernode.dim.patterns;

import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.spi.Catalog;
import java.util.stream.Stream;

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

  /** The numbers of the earlier steps whose answers become a step's input; some may repeat. */
  Stream<Integer> steps(PipelineStep step) {
    Stream<String> source = readsSource(step) ? Stream.of(step.inputSource()) : Stream.empty();
    return Stream.concat(source, step.inputs().values().stream())
        .flatMap(from -> PipelineStep.sourceStep(from).stream());
  }
}
