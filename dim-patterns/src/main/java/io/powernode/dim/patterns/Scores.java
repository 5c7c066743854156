package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import java.util.Optional;

/** The floating-point output of a classifier: one number a row, or one for each class. */
final class Scores {
  /** Further from 0..1, or from 1 in sum, than 16-bit floats explain: no probabilities. */
  private static final double TOLERANCE = 1e-2;

  private static final double DEFAULT_THRESHOLD = 0.5;

  private final String output;
  private final double[] values;
  private final int columns;

  private Scores(String output, double[] values, int columns) {
    this.output = output;
    this.values = values;
    this.columns = columns;
  }

  static Scores of(String output, Tensor tensor) {
    int columns = tensor.rank() == 2 ? (int) tensor.dimension(1) : 1;
    return new Scores(output, tensor.toDoubles(), columns);
  }

  /** Whether the tensor is floating-point and has the shape [rows], [rows,1] or [rows,k]. */
  static boolean fits(Tensor tensor, int rows) {
    return tensor.dataType().isFloating()
        && (tensor.rank() == 1 || tensor.rank() == 2)
        && tensor.dimension(0) == rows
        && (tensor.rank() == 1 || tensor.dimension(1) >= 1);
  }

  String output() {
    return output;
  }

  /** Whether there is one number a row. */
  boolean isSingle() {
    return columns == 1;
  }

  /** How many classes the scores tell apart: a single number is the second one's of two. */
  int classes() {
    return Math.max(2, columns);
  }

  /** Whether a number of the row is none: the model abstains. */
  boolean abstains(int row) {
    for (int column = 0; column < columns; column++) {
      if (Double.isNaN(values[row * columns + column])) {
        return true;
      }
    }
    return false;
  }

  /** How many numbers there are a row. */
  int columns() {
    return columns;
  }

  /**
   * The class that the row's scores favour; of equal scores the first.
   *
   * @param threshold where the score of the second of two classes makes it the favourite, however
   *     high the first's; a single number's is 0.5 unless given, of more than two classes it is not
   *     heeded
   */
  int favourite(int row, Optional<Double> threshold) {
    if (columns == 1 || (columns == 2 && threshold.isPresent())) {
      double second = values[row * columns + columns - 1];
      return second >= threshold.orElse(DEFAULT_THRESHOLD) ? 1 : 0;
    }
    int best = 0;
    for (int column = 1; column < columns; column++) {
      if (values[row * columns + column] > values[row * columns + best]) {
        best = column;
      }
    }
    return best;
  }

  /**
   * The scores as probabilities, row-major, zeros where the model abstains; empty if a number is
   * not within 0..1 or a row does not sum to 1.
   */
  Optional<double[]> probabilities() {
    int rows = values.length / columns;
    double[] probabilities = new double[rows * classes()];
    for (int row = 0; row < rows; row++) {
      if (!abstains(row) && !fill(probabilities, row)) {
        return Optional.empty();
      }
    }
    return Optional.of(probabilities);
  }

  private boolean fill(double[] probabilities, int row) {
    if (columns == 1) {
      probabilities[2 * row] = clip(1 - values[row]);
      probabilities[2 * row + 1] = clip(values[row]);
      return isShare(values[row]);
    }
    double sum = 0;
    for (int at = row * columns; at < (row + 1) * columns; at++) {
      if (!isShare(values[at])) {
        return false;
      }
      probabilities[at] = clip(values[at]);
      sum += values[at];
    }
    return Math.abs(sum - 1) <= TOLERANCE;
  }

  private static boolean isShare(double value) {
    return value >= -TOLERANCE && value <= 1 + TOLERANCE;
  }

  private static double clip(double value) {
    return Math.min(1, Math.max(0, value));
  }
}
