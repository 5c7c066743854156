package io.powernode.dim.examples;

import java.util.List;

/**
 * Logistic regression on rows in one place, in plain Java that shares nothing with the product:
 * what federated training is compared with. The last weight is the intercept.
 *
 * @param rows features of each row, without the column of ones
 * @param truth whether each row is of the second class
 */
record PooledLogistic(List<double[]> rows, boolean[] truth) {

  /** The weights with the least mean log loss and penalty, to the last digits. */
  double[] newton(double ridge) {
    double[] weights = new double[rows.get(0).length + 1];
    for (int round = 0; round < 60; round++) {
      double[] step = solve(hessian(weights, ridge), gradient(weights, ridge));
      for (int i = 0; i < step.length; i++) {
        weights[i] -= step[i];
      }
    }
    return weights;
  }

  /** The weights after so many steps of gradient descent from others. */
  double[] descend(double[] from, int steps, double rate) {
    double[] weights = from.clone();
    for (int step = 0; step < steps; step++) {
      double[] gradient = gradient(weights, 0);
      for (int i = 0; i < weights.length; i++) {
        weights[i] -= rate * gradient[i];
      }
    }
    return weights;
  }

  double[] gradient(double[] weights, double ridge) {
    double[] gradient = new double[weights.length];
    for (int row = 0; row < truth.length; row++) {
      double residual = probability(row, weights) - (truth[row] ? 1 : 0);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += residual * x(row, i) / truth.length;
      }
    }
    for (int i = 0; i < gradient.length - 1; i++) {
      gradient[i] += ridge * weights[i];
    }
    return gradient;
  }

  private double[][] hessian(double[] weights, double ridge) {
    double[][] hessian = new double[weights.length][weights.length];
    for (int row = 0; row < truth.length; row++) {
      double p = probability(row, weights);
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < weights.length; j++) {
          hessian[i][j] += p * (1 - p) * x(row, i) * x(row, j) / truth.length;
        }
      }
    }
    for (int i = 0; i < weights.length - 1; i++) {
      hessian[i][i] += ridge;
    }
    return hessian;
  }

  private double probability(int row, double[] weights) {
    double logit = 0;
    for (int i = 0; i < weights.length; i++) {
      logit += weights[i] * x(row, i);
    }
    return 1 / (1 + Math.exp(-logit));
  }

  private double x(int row, int i) {
    double[] features = rows.get(row);
    return i < features.length ? features[i] : 1;
  }

  /** Gauss-Jordan elimination with pivoting. */
  private static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int i = column + 1; i < n; i++) {
        pivot = Math.abs(matrix[i][column]) > Math.abs(matrix[pivot][column]) ? i : pivot;
      }
      double[] swapped = matrix[pivot];
      matrix[pivot] = matrix[column];
      matrix[column] = swapped;
      double kept = right[pivot];
      right[pivot] = right[column];
      right[column] = kept;
      for (int i = 0; i < n; i++) {
        double factor = i == column ? 0 : matrix[i][column] / matrix[column][column];
        for (int j = column; j < n; j++) {
          matrix[i][j] -= factor * matrix[column][j];
        }
        right[i] -= factor * right[column];
      }
    }
    for (int i = 0; i < n; i++) {
      right[i] /= matrix[i][i];
    }
    return right;
  }
}
