package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the steps of a pipeline can feed each other, as far as the models' signatures tell: what
 * a step's model, and its fallback, needs must come from what the earlier step's model, and its
 * fallback, answers. Actions and the job's data are known only when they are there.
 */
final class HandOverChecks {
  private final ChainedSpec spec;
  private final Catalog catalog;
  private final StepSignatures signatures;

  HandOverChecks(ChainedSpec spec, Catalog catalog) {
    this.spec = spec;
    this.catalog = catalog;
    this.signatures = new StepSignatures(catalog);
  }

  void check(PipelineStep step, Violations at) {
    if (step.readsCabinet()) {
      return;
    }
    for (ModelDescriptor model : signatures.models(step)) {
      List<TensorSpec> inputs = model.signature().inputs();
      if (!inputs.isEmpty()) {
        step.inputs()
            .forEach((input, source) -> checkMapped(step, model, input, source, at.at("inputs")));
        earlier(step.inputSource()).ifPresent(source -> checkSource(step, model, source, at));
      }
    }
    rollbackModel(step).ifPresent(model -> checkRollback(step, model, at.at("rollback")));
  }

  private void checkMapped(
      PipelineStep step, ModelDescriptor model, String input, String source, Violations at) {
    Optional<TensorSpec> needed = model.signature().input(input);
    at.require(
        needed.isPresent(),
        input,
        "is no input of the model " + model.id(),
        names(model.signature().inputs()));
    Optional<PipelineStep> from = earlier(source);
    String name = PipelineStep.sourceTensor(source).orElse("");
    if (needed.isEmpty() || from.isEmpty()) {
      return;
    }
    for (Signature answering : signatures.answers(from.get())) {
      Optional<TensorSpec> output = answering.output(name);
      at.require(
          output.isPresent(),
          input,
          () ->
              "needs an output %s, which %s does not have"
                  .formatted(name, StepInputs.label(from.get())),
          names(answering.outputs()));
      output.ifPresent(o -> requireFit(step, from.get(), o, needed.get(), at, input));
    }
  }

  private void checkSource(
      PipelineStep step, ModelDescriptor model, PipelineStep source, Violations at) {
    List<TensorSpec> open =
        model.signature().inputs().stream()
            .filter(input -> !step.inputs().containsKey(input.name()))
            .toList();
    for (Signature answering : signatures.answers(source)) {
      Map<String, TensorSpec> outputs = new LinkedHashMap<>();
      answering.outputs().forEach(output -> outputs.put(output.name(), output));
      outputs.remove(RowPartials.ROW_IDS);
      HandOver match = HandOver.match(open, step.inputs().isEmpty(), outputs.keySet());
      at.require(
          match.unfed().isEmpty(),
          "inputSource",
          () ->
              "%s needs %s, which %s does not answer"
                  .formatted(
                      StepInputs.label(step),
                      String.join(", ", match.unfed()),
                      StepInputs.label(source)),
          "a step that answers it, or inputs that name where it comes from");
      match
          .pairs()
          .forEach(
              (input, output) ->
                  requireFit(
                      step,
                      source,
                      Lookup.in(outputs, output),
                      model.signature().input(input).orElseThrow(),
                      at,
                      "inputSource"));
    }
  }

  private static void requireFit(
      PipelineStep step,
      PipelineStep source,
      TensorSpec output,
      TensorSpec input,
      Violations at,
      String field) {
    at.require(
        HandOver.fits(output, input),
        field,
        () ->
            "%s answers %s as %s, but %s needs %s as %s"
                .formatted(
                    StepInputs.label(source),
                    output.name(),
                    form(output),
                    StepInputs.label(step),
                    input.name(),
                    form(input)),
        "tensors of one shape, both of numbers or both of text");
  }

  /** A compensation gets exactly what its step answered, so a model must need just that. */
  private void checkRollback(PipelineStep step, ModelDescriptor model, Violations at) {
    List<String> needed =
        model.signature().inputs().stream().map(TensorSpec::name).sorted().toList();
    for (ModelDescriptor answering : signatures.models(step)) {
      List<String> given =
          answering.signature().outputs().stream().map(TensorSpec::name).sorted().toList();
      at.require(
          needed.isEmpty() || given.isEmpty() || needed.equals(given),
          "modelId",
          "needs other inputs than what %s answers".formatted(StepInputs.label(step)),
          "a model whose inputs are " + String.join(", ", given));
    }
  }

  private Optional<ModelDescriptor> rollbackModel(PipelineStep step) {
    return step.rollback().flatMap(rollback -> rollback.modelId()).flatMap(catalog::model);
  }

  private Optional<PipelineStep> earlier(String source) {
    return PipelineStep.sourceStep(source)
        .filter(number -> number <= spec.pipeline().size())
        .map(number -> spec.pipeline().get(number - 1));
  }

  private static String names(List<TensorSpec> tensors) {
    return String.join(", ", tensors.stream().map(TensorSpec::name).toList());
  }

  private static String form(TensorSpec tensor) {
    return tensor.datatype() + tensor.shape().toString();
  }
}
