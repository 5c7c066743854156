package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import java.util.List;
import java.util.Optional;

/**
 * Whether rows can pass a step by: whether it is known what they have in its outputs, as far as the
 * models' signatures tell.
 */
final class RoutingChecks {
  private static final String FIELD = "rows";
  private static final String OTHERWISE = "otherwise";

  private final ChainedSpec spec;
  private final StepSignatures signatures;

  RoutingChecks(ChainedSpec spec, Catalog catalog) {
    this.spec = spec;
    this.signatures = new StepSignatures(catalog);
  }

  void check(PipelineStep step, Violations at) {
    if (step.rows().isEmpty()) {
      return;
    }
    at.require(
        !step.readsCabinet(),
        FIELD,
        "stands beside a cabinet, all of whose rows are read",
        "a step whose inputSource is client_data or step_K_output");
    if (step.action().isPresent()) {
      at.require(
          step.otherwise().names().isEmpty(),
          OTHERWISE,
          "stands beside an action, whose answer is not one of rows",
          "left out");
      return;
    }
    boolean isVote = step.block().orElse(null) instanceof ComparativeSpec;
    at.require(
        isVote || step.block().isEmpty(),
        FIELD,
        "does not go with a block of this pattern",
        "a model, an action, or a block that is comparative");
    List<Signature> answers = signatures.made(step);
    at.require(
        isVote || answers.size() == signatures.models(step).size(),
        FIELD,
        "needs to know the outputs, which a model of the step does not declare",
        "models with declared outputs");
    answers.forEach(answer -> check(answer, step, at));
  }

  private void check(Signature answer, PipelineStep step, Violations at) {
    for (String name : step.otherwise().names()) {
      at.at(OTHERWISE)
          .require(
              outputs(answer, step).stream().anyMatch(output -> output.name().equals(name)),
              name,
              "is no output of " + StepInputs.label(step),
              names(outputs(answer, step)));
    }
    for (TensorSpec output : outputs(answer, step)) {
      boolean isOfRows = !output.shape().isEmpty() && output.shape().get(0) < 0;
      at.require(
          isOfRows,
          FIELD,
          "does not go with the output " + output.name() + ", which has no entry for each row",
          "models whose outputs have an open first dimension");
      if (isOfRows) {
        check(output, step, at.at(OTHERWISE));
      }
    }
  }

  /** The ids of a vote's rows need no value: each row has its own. */
  private static List<TensorSpec> outputs(Signature answer, PipelineStep step) {
    return answer.outputs().stream()
        .filter(output -> step.block().isEmpty() || !output.name().equals(RowPartials.ROW_IDS))
        .toList();
  }

  private void check(TensorSpec output, PipelineStep step, Violations at) {
    String name = output.name();
    Optional<Object> declared = Optional.ofNullable(step.otherwise().asMap().get(name));
    Optional<PassBy.Reference> reference = declared.flatMap(PassBy.Reference::of);
    if (reference.isPresent()) {
      checkReference(output, reference.get(), step, at);
    } else if (declared.isPresent()) {
      checkValue(output, declared.get(), at);
    } else if (step.block().isEmpty()) {
      earlier(PipelineStep.sourceStep(step.inputSource()), step)
          .ifPresent(
              source ->
                  at.require(
                      mayAnswer(source, name, output),
                      name,
                      "is missing, and %s answers nothing of that name and form"
                          .formatted(StepInputs.label(source)),
                      "what rows have there that pass the step by: " + what(output.datatype())));
    }
  }

  private void checkReference(
      TensorSpec output, PassBy.Reference reference, PipelineStep step, Violations at) {
    Optional<PipelineStep> source = earlier(Optional.of(reference.step()), step);
    at.require(
        source.isPresent(),
        output.name(),
        "reads step %d, which does not come before step %d"
            .formatted(reference.step(), step.step()),
        "an earlier step");
    source.ifPresent(
        from ->
            at.require(
                mayAnswer(from, reference.name(), output),
                output.name(),
                "%s has no output %s of its type and form"
                    .formatted(StepInputs.label(from), reference.name()),
                "an output of rows of " + output.datatype()));
  }

  private Optional<PipelineStep> earlier(Optional<Integer> number, PipelineStep than) {
    return number
        .filter(k -> k < than.step() && k <= spec.pipeline().size())
        .map(k -> spec.pipeline().get(k - 1));
  }

  /** Whether a step answers that, as far as is known. */
  private boolean mayAnswer(PipelineStep step, String name, TensorSpec like) {
    return signatures.answers(step).stream()
        .allMatch(answer -> answer.output(name).filter(same -> isAlike(same, like)).isPresent());
  }

  private static void checkValue(TensorSpec output, Object value, Violations at) {
    boolean isClosed = output.shape().stream().skip(1).allMatch(size -> size >= 0);
    at.require(
        isClosed,
        output.name(),
        "cannot be filled: the model leaves open how long its rows are",
        "left out, where the step's source answers the same");
    long[] one = new long[0];
    at.require(
        FillValue.row(output.datatype(), one, value).isPresent(),
        output.name(),
        "is no value of " + output.datatype(),
        what(output.datatype()));
  }

  private static boolean isAlike(TensorSpec same, TensorSpec output) {
    boolean alike =
        same.datatype() == output.datatype() && same.shape().size() == output.shape().size();
    for (int i = 1; alike && i < same.shape().size(); i++) {
      long one = same.shape().get(i);
      long other = output.shape().get(i);
      alike = one < 0 || other < 0 || one == other;
    }
    return alike;
  }

  private static String what(DataType type) {
    return switch (type) {
      case BYTES -> "a text";
      case BOOL -> "true or false";
      case FP64, FP32 -> "a number";
      case FP16, BF16 -> "nothing: " + type + " cannot be filled";
      default -> "a whole number of " + type;
    };
  }

  private static String names(List<TensorSpec> outputs) {
    return String.join(", ", outputs.stream().map(TensorSpec::name).toList());
  }
}
