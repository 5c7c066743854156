package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 14, 60})
  void solve_ofRandomEquations_findsTheirSolution(int n) {
    Random random = new Random(n);
    double[] matrix = positiveDefinite(random, n);
    double[] solution = random.doubles(n, -3, 3).toArray();
    double[] right = times(matrix, solution);
    double[] before = right.clone();

    assertThat(Cholesky.solve(matrix, right).orElseThrow()).containsExactly(solution, within(1e-9));
    assertThat(right).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-150, 1e-30, 1e30, 1e150})
  void solve_ofAnyScale_isTheSame(double scale) {
    double[] matrix = Arrays.stream(new double[] {4, 2, 2, 6}).map(v -> v * scale).toArray();
    double[] solved = Cholesky.solve(matrix, new double[] {14 * scale, 22 * scale}).orElseThrow();

    assertThat(solved).containsExactly(new double[] {2, 3}, within(1e-12));
  }

  /** B × Bᵀ and a little of the identity. */
  private static double[] positiveDefinite(Random random, int n) {
    double[] b = random.doubles((long) n * n, -1, 1).toArray();
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i * n + j] = i == j ? 0.1 : 0;
        for (int k = 0; k < n; k++) {
          matrix[i * n + j] += b[i * n + k] * b[j * n + k];
        }
      }
    }
    return matrix;
  }

  private static double[] times(double[] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int i = 0; i < product.length; i++) {
      for (int j = 0; j < product.length; j++) {
        product[i] += matrix[i * product.length + j] * vector[j];
      }
    }
    return product;
  }
}
