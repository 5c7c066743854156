package io.powernode.dim.patterns;

import java.util.Optional;

/**
 * Solves linear equations with a symmetric positive definite matrix. Source: A.-L. Cholesky, 1910;
 * Golub and Van Loan, Matrix Computations, 4th edition, section 4.2.
 */
final class Cholesky {
  /**
   * How far two halves of a symmetric matrix may differ by rounding, as a share of the diagonal.
   */
  private static final double ASYMMETRY = 1e-6;

  private Cholesky() {}

  /**
   * The x with {@code matrix × x = right}; empty if the matrix is not symmetric or, as far as
   * rounding lets one tell, not positive definite.
   *
   * @param matrix row-major, as many rows and columns as {@code right} has numbers
   */
  static Optional<double[]> solve(double[] matrix, double[] right) {
    int n = right.length;
    return isSymmetric(matrix, n)
        ? factor(matrix, n).map(lower -> substitute(lower, right.clone()))
        : Optional.empty();
  }

  private static boolean isSymmetric(double[] matrix, int n) {
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.abs(matrix[i * n + i]));
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (Math.abs(matrix[i * n + j] - matrix[j * n + i]) > ASYMMETRY * largest) {
          return false;
        }
      }
    }
    return true;
  }

  /** The lower triangle L with {@code L × Lᵀ = matrix}. */
  private static Optional<double[]> factor(double[] matrix, int n) {
    double[] lower = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = (matrix[i * n + j] + matrix[j * n + i]) / 2;
        for (int k = 0; k < j; k++) {
          rest -= lower[i * n + k] * lower[j * n + k];
        }
        if (i != j) {
          lower[i * n + j] = rest / lower[j * n + j];
        } else if (rest > n * Math.ulp(matrix[i * n + i])) {
          lower[i * n + i] = Math.sqrt(rest);
        } else {
          return Optional.empty(); // What is left is rounding, or negative.
        }
      }
    }
    return Optional.of(lower);
  }

  private static double[] substitute(double[] lower, double[] x) {
    int n = x.length;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= lower[i * n + k] * x[k];
      }
      x[i] /= lower[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        x[i] -= lower[k * n + i] * x[k];
      }
      x[i] /= lower[i * n + i];
    }
    return x;
  }
}
