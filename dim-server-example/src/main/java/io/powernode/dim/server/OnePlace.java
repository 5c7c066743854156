package io.powernode.dim.server;

import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What one gets with all rows in one place, to hold the federated answer against: one inference
 * over one table, and textbook formulas. Shares nothing with the reductions; the area under the ROC
 * curve is exact here.
 *
 * @param samples how many rows
 * @param meanRisk the mean of the model's only output
 * @param metrics against the rows' labels
 */
record OnePlace(long samples, double meanRisk, Metrics metrics) {
  private static final double DEFAULT_THRESHOLD = 0.5;

  /** Runs a model with one input and one probability a row, that of its second label. */
  static OnePlace of(ModelDescriptor descriptor, Path file, DemoRows rows) {
    String input = descriptor.signature().inputs().get(0).name();
    String output = descriptor.signature().outputs().get(0).name();
    double[] risks;
    try (Model model =
        OnnxLoader.create().load(descriptor, ModelFiles.of(file), LoadOptions.standard())) {
      Map<String, Tensor> answer = model.infer(Map.of(input, rows.tensor()), Cancellation.none());
      risks = Objects.requireNonNull(answer.get(output), output).toDoubles();
    }
    List<String> labels = descriptor.labels();
    boolean[] positive = new boolean[risks.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = rows.truths().get(i).equals(labels.get(1));
    }
    double threshold = descriptor.threshold().orElse(DEFAULT_THRESHOLD);
    return new OnePlace(
        risks.length,
        Arrays.stream(risks).average().orElse(Double.NaN),
        metrics(labels, risks, positive, threshold));
  }

  static Metrics metrics(
      List<String> labels, double[] risks, boolean[] positive, double threshold) {
    long[][] confusion = new long[2][2];
    double loss = 0;
    for (int i = 0; i < risks.length; i++) {
      confusion[positive[i] ? 1 : 0][risks[i] >= threshold ? 1 : 0]++;
      loss -= Math.log(positive[i] ? risks[i] : 1 - risks[i]);
    }
    return new Metrics(
        labels,
        Arrays.stream(confusion).map(row -> Arrays.stream(row).boxed().toList()).toList(),
        (double) (confusion[0][0] + confusion[1][1]) / risks.length,
        Optional.of(loss / risks.length),
        Optional.of(auc(risks, positive)),
        risks.length);
  }

  /** The share of pairs in which the positive row has the larger risk; ties count half. */
  private static double auc(double[] risks, boolean[] positive) {
    int[] positives = IntStream.range(0, risks.length).filter(i -> positive[i]).toArray();
    int[] negatives = IntStream.range(0, risks.length).filter(i -> !positive[i]).toArray();
    double won = 0;
    for (int p : positives) {
      for (int n : negatives) {
        won += risks[p] > risks[n] ? 1 : risks[p] == risks[n] ? 0.5 : 0;
      }
    }
    return won / positives.length / negatives.length;
  }
}
