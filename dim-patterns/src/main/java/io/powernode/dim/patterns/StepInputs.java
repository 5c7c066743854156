package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a step of a pipeline works on from the job's data and the answers so far. */
final class StepInputs {
  private final List<PipelineStep> pipeline;
  private final Map<String, Tensor> clientData;
  private final Map<Integer, StepOutput> outputs;

  StepInputs(PipelineState state) {
    this.pipeline = state.pipeline();
    this.clientData = state.context().inputData();
    this.outputs = state.outputs();
  }

  /**
   * The tensors for a step that reads no cabinet.
   *
   * @param model that runs; empty for an action or a block, which get all there is
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if an input is not fed
   */
  Map<String, Tensor> of(PipelineStep step, Optional<ModelDescriptor> model) {
    Map<String, Tensor> mapped = mapped(step);
    Optional<Integer> source = PipelineStep.sourceStep(step.inputSource());
    Map<String, Tensor> atHand =
        new LinkedHashMap<>(
            source.isPresent() ? Lookup.in(outputs, source.get()).tensors() : clientData);
    List<TensorSpec> inputs = model.map(m -> m.signature().inputs()).orElse(List.of());
    if (inputs.isEmpty()) {
      atHand.putAll(mapped);
      return atHand;
    }
    atHand.remove(RowPartials.ROW_IDS);
    List<TensorSpec> open = inputs.stream().filter(i -> !mapped.containsKey(i.name())).toList();
    HandOver match = HandOver.match(open, mapped.isEmpty(), atHand.keySet());
    if (match.unfed().isEmpty()) {
      match.pairs().forEach((input, tensor) -> mapped.put(input, atHand.get(tensor)));
      match.columns().forEach(column -> mapped.put(column, atHand.get(column)));
      return mapped;
    }
    if (source.isEmpty() && !atHand.isEmpty()) {
      // Columns by the names of features: the node knows how they make the model's input.
      atHand.putAll(mapped);
      return atHand;
    }
    String from = source.map(k -> label(pipeline.get(k - 1))).orElse("the job's input data");
    throw unfed(step, from, match.unfed());
  }

  /** The tensors of a step's source. */
  Map<String, Tensor> source(PipelineStep step) {
    return PipelineStep.sourceStep(step.inputSource())
        .map(number -> Lookup.in(outputs, number).tensors())
        .orElse(clientData);
  }

  private Map<String, Tensor> mapped(PipelineStep step) {
    Map<String, Tensor> mapped = new LinkedHashMap<>();
    step.inputs()
        .forEach(
            (input, from) -> {
              int source = PipelineStep.sourceStep(from).orElseThrow();
              String name = PipelineStep.sourceTensor(from).orElseThrow();
              Tensor tensor = Lookup.in(outputs, source).tensors().get(name);
              if (tensor == null) {
                throw new DimException(
                    ErrorCode.INVALID_DATA,
                    "input %s of %s: %s has no output %s"
                        .formatted(input, label(step), label(pipeline.get(source - 1)), name));
              }
              mapped.put(input, tensor);
            });
    return mapped;
  }

  /** That a source has nothing for some inputs of a step's model. */
  static DimException unfed(PipelineStep step, String from, List<String> unfed) {
    return new DimException(
        ErrorCode.INVALID_DATA,
        "%s needs %s, and %s has nothing of that name"
            .formatted(label(step), String.join(", ", unfed), from));
  }

  /** A step as people know it. */
  static String label(PipelineStep step) {
    return "step " + step.step() + " (" + step.name() + ")";
  }
}
