package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import java.util.List;
import java.util.Optional;

/** Tells regressions from classifiers, as far as descriptors do. */
final class RegressionChecks {
  private RegressionChecks() {}

  /** Adds a violation for each model that gives no number a row. */
  static void requireNumbers(List<Optional<ModelDescriptor>> models, Violations modelIds) {
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i).isPresent()) {
        ModelDescriptor model = models.get(i).get();
        List<TensorSpec> outputs = model.signature().outputs();
        boolean mayBe = outputs.isEmpty() || outputs.stream().anyMatch(RegressionChecks::isNumber);
        modelIds
            .at(i)
            .require(
                model.labels().isEmpty() && mayBe,
                "",
                mayBe
                    ? "declares classes, so it gives labels and not numbers"
                    : "has no output of one number a row",
                "a regression, or a method for labels");
      }
    }
  }

  /** Adds a violation for each regression: a model of single numbers that no class stands for. */
  static void requireLabels(
      List<Optional<ModelDescriptor>> models,
      Consensus consensus,
      Classes classes,
      Violations modelIds) {
    for (int i = 0; i < models.size(); i++) {
      boolean regression = models.get(i).map(RegressionChecks::isRegression).orElse(false);
      modelIds
          .at(i)
          .require(
              !regression || consensus.threshold().isPresent() || !classes.declared().isEmpty(),
              "",
              "is a regression: it gives one number a row, and nobody declares classes",
              "labels or a threshold in the model or the job, or a method for numbers, as mean,"
                  + " weighted_mean and median");
    }
  }

  private static boolean isRegression(ModelDescriptor model) {
    List<TensorSpec> outputs = model.signature().outputs();
    return model.labels().isEmpty()
        && model.threshold().isEmpty()
        && outputs.stream().anyMatch(RegressionChecks::isNumber)
        && outputs.stream().noneMatch(RegressionChecks::givesLabels);
  }

  private static boolean isNumber(TensorSpec output) {
    return NumbersReduction.isNumber(output.datatype())
        && (output.shape().size() == 1
            || output.shape().size() == 2 && Math.abs(output.shape().get(1)) == 1);
  }

  /** Whether the output is a label for each row, or a score for each class; maybe is enough. */
  private static boolean givesLabels(TensorSpec output) {
    boolean scores = output.shape().size() == 2 && output.shape().get(1) != 1;
    return scores || !output.datatype().isFloating();
  }
}
