package io.powernode.dim.inference;

import io.powernode.dim.api.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of 30 features of breast tumours, with the true class of each.
 *
 * @param values the features, row by row
 * @param truth 1 for a malignant tumour, else 0
 */
record BreastRows(float[] values, int[] truth) {
  private static final int FEATURES = 30;

  /** Reads comma-separated lines. */
  static BreastRows of(List<String> lines, int firstFeature, int classColumn, String malignant) {
    float[] values = new float[lines.size() * FEATURES];
    int[] truth = new int[lines.size()];
    for (int i = 0; i < truth.length; i++) {
      String[] cells = lines.get(i).split(",");
      truth[i] = cells[classColumn].equals(malignant) ? 1 : 0;
      for (int j = 0; j < FEATURES; j++) {
        values[i * FEATURES + j] = Float.parseFloat(cells[firstFeature + j]);
      }
    }
    return new BreastRows(values, truth);
  }

  Tensor features() {
    return Tensor.ofFloats(values, truth.length, FEATURES);
  }

  /** The share of rows whose answer, a probability or a class, is on the truth's side of 0.5. */
  double accuracy(double[] answers) {
    return IntStream.range(0, truth.length)
            .filter(i -> (answers[i] >= 0.5 ? 1 : 0) == truth[i])
            .count()
        / (double) truth.length;
  }
}
