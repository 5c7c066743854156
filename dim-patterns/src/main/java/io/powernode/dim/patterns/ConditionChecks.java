package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.patterns.ConditionTree.Comparison;
import io.powernode.dim.patterns.ConditionTree.Operand;
import io.powernode.dim.patterns.ConditionTree.Output;
import io.powernode.dim.spi.Catalog;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a step's condition can be read and compares what earlier steps answer, as far as the
 * models' signatures tell. What an action answers is known only when it is there.
 */
final class ConditionChecks {
  private static final String SYNTAX =
      "comparisons such as step_1_output.NAME >= 0.5, joined by and, or, not, any(…), all(…) and"
          + " parentheses";

  private final ChainedSpec spec;
  private final StepSignatures signatures;

  ConditionChecks(ChainedSpec spec, Catalog catalog) {
    this.spec = spec;
    this.signatures = new StepSignatures(catalog);
  }

  void check(PipelineStep step, Violations at) {
    step.when().ifPresent(text -> check(text, step, "when", at));
    step.rows().ifPresent(text -> check(text, step, "rows", at));
  }

  private void check(String text, PipelineStep step, String field, Violations at) {
    ConditionTree condition;
    try {
      condition = ConditionTree.parse(text);
    } catch (IllegalArgumentException wrong) {
      at.add(field, String.valueOf(wrong.getMessage()), SYNTAX);
      return;
    }
    condition.outputs().forEach(output -> check(output, step, field, at));
    if (!at.has(field)) {
      condition.comparisons().forEach(comparison -> checkTypes(comparison, field, at));
    }
  }

  private void check(Output output, PipelineStep step, String field, Violations at) {
    if (output.step() >= step.step()) {
      at.add(
          field,
          "column %d: reads step %d, which does not come before step %d"
              .formatted(output.column(), output.step(), step.step()),
          "an earlier step");
      return;
    }
    for (Signature signature : signatures.answers(answering(output))) {
      if (signature.output(output.name()).isEmpty()) {
        at.add(
            field,
            "column %d: %s has no output %s"
                .formatted(output.column(), StepInputs.label(answering(output)), output.name()),
            String.join(", ", signature.outputs().stream().map(TensorSpec::name).toList()));
        return;
      }
    }
  }

  private void checkTypes(Comparison comparison, String field, Violations at) {
    Set<Boolean> left = isNumber(comparison.left());
    Set<Boolean> right = isNumber(comparison.right());
    int column =
        Stream.of(comparison.left(), comparison.right())
            .filter(Output.class::isInstance)
            .mapToInt(operand -> ((Output) operand).column())
            .min()
            .orElseThrow();
    boolean mixed = left.stream().anyMatch(l -> right.stream().anyMatch(r -> !l.equals(r)));
    at.require(
        !mixed,
        field,
        "column %d: a number is compared with a text".formatted(column),
        "two numbers or two texts");
    boolean text = left.contains(false) || right.contains(false);
    at.require(
        mixed || !text || !comparison.operator().isOrder(),
        field,
        "column %d: texts are compared by %s".formatted(column, comparison.operator().sign()),
        "== and !=");
  }

  /** What each model that may answer says of it, so far as it says anything. */
  private Set<Boolean> isNumber(Operand operand) {
    if (operand instanceof Output output) {
      return signatures.answers(answering(output)).stream()
          .flatMap(signature -> signature.output(output.name()).stream())
          .map(tensor -> tensor.datatype().isNumeric())
          .collect(Collectors.toUnmodifiableSet());
    }
    return Set.of(operand instanceof ConditionTree.Numeral);
  }

  private PipelineStep answering(Output output) {
    return spec.pipeline().get(output.step() - 1);
  }
}
