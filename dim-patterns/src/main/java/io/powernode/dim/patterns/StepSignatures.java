package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Signature;
import io.powernode.dim.spi.Catalog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is known of a step's inputs and outputs before it runs. */
final class StepSignatures {
  private final Catalog catalog;

  StepSignatures(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The models that may run in a step: its own and its fallback. */
  List<ModelDescriptor> models(PipelineStep step) {
    return Stream.of(step.modelId(), step.fallbackModelId())
        .flatMap(Optional::stream)
        .map(catalog::model)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * The signatures that say what a step may answer. Empty where nothing is known, as of an action
   * or a reduction.
   */
  List<Signature> answers(PipelineStep step) {
    boolean isReduced = step.reduction().filter(r -> !r.equals(ReductionSpec.none())).isPresent();
    return isReduced ? List.of() : made(step);
  }

  /**
   * The signatures that say what a step may make, whatever leaves of it: one for each model that
   * declares its outputs, or that of a comparative block.
   */
  List<Signature> made(PipelineStep step) {
    if (step.block().orElse(null) instanceof ComparativeSpec) {
      return List.of(new Signature(List.of(), BlockTensors.OF_DECISIONS));
    }
    return models(step).stream()
        .map(ModelDescriptor::signature)
        .filter(signature -> !signature.outputs().isEmpty())
        .toList();
  }
}
