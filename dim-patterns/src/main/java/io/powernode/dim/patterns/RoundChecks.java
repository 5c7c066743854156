package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import java.util.List;
import java.util.Optional;

/** Whether the rounds of a collaborative job go with its optimizer, reduction and model. */
final class RoundChecks {
  private static final String UPDATES = "updates";

  private final String reduction;
  private final Rounds rounds;
  private final Optional<ModelDescriptor> model;

  RoundChecks(CollaborativeSpec spec, Rounds rounds, Optional<ModelDescriptor> model) {
    this.reduction = spec.reduction().method();
    this.rounds = rounds;
    this.model = model;
  }

  /** Adds what is wrong, below the field {@code rounds}. */
  void run(Violations violations) {
    violations.require(
        CollaborativeChecks.OF_NUMBERS.contains(reduction),
        "",
        "do not go with the reduction " + reduction,
        "a reduction of mean or sum");
    Optional<OptimizerKind> kind = OptimizerKind.of(rounds.optimizer());
    violations.require(
        kind.isPresent(), "optimizer", "is unknown", String.join(", ", OptimizerKind.names()));
    kind.ifPresent(optimizer -> checkOptimizer(optimizer, violations));
    rounds.updates().forEach((name, update) -> checkUpdate(name, update, violations));
    violations.require(
        !rounds.updates().isEmpty() || !reduction.equals("sum"),
        UPDATES,
        "is missing, and sums are no new values",
        "the gradient of each parameter, or a reduction of mean");
  }

  private void checkOptimizer(OptimizerKind kind, Violations violations) {
    kind.validate(rounds.options(), violations);
    violations.require(
        !kind.needsHessian() || !rounds.updates().isEmpty(),
        UPDATES,
        "is missing, which newton needs",
        "the gradient and the hessian of each parameter");
    rounds
        .updates()
        .forEach(
            (name, update) ->
                violations
                    .at(UPDATES)
                    .at(name)
                    .require(
                        update.hessian().isPresent() == kind.needsHessian(),
                        "hessian",
                        kind.needsHessian()
                            ? "is missing, which newton needs"
                            : "is not used by " + rounds.optimizer(),
                        kind.needsHessian() ? "an output that is the Hessian" : "left out"));
  }

  private void checkUpdate(String parameter, Update update, Violations violations) {
    Violations at = violations.at(UPDATES).at(parameter);
    at.require(
        update.value().isEmpty() || !reduction.equals("sum"),
        "value",
        "does not go with the reduction sum, which adds the rows' values",
        "a reduction of mean, or a gradient");
    requireOutput(update.value(), "value", at);
    requireOutput(update.gradient(), "gradient", at);
    requireOutput(update.hessian(), "hessian", at);
  }

  private void requireOutput(Optional<String> name, String field, Violations at) {
    List<String> outputs =
        model
            .map(known -> known.signature().outputs().stream().map(TensorSpec::name).toList())
            .orElse(List.of());
    at.require(
        name.isEmpty() || outputs.isEmpty() || outputs.contains(name.get()),
        field,
        "is no output of the model",
        String.join(", ", outputs));
  }
}
