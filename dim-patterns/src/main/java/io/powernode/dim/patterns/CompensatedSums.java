package io.powernode.dim.patterns;

/**
 * Sums of many doubles side by side, with the rounding error of every addition carried along, so
 * that the error of a sum does not grow with the number of rows. Source: A. Neumaier,
 * Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54 (1974). Not
 * thread-safe.
 */
final class CompensatedSums {
  private final double[] sums;
  private final double[] lost;

  CompensatedSums(int count) {
    sums = new double[count];
    lost = new double[count];
  }

  void add(int at, double value) {
    double old = sums[at];
    double sum = old + value;
    // The larger operand survives an addition whole; what the smaller one lost is the difference.
    lost[at] += Math.abs(old) >= Math.abs(value) ? (old - sum) + value : (value - sum) + old;
    sums[at] = sum;
  }

  double get(int at) {
    // An overflow makes the carried error NaN; the infinity itself says more.
    return Double.isFinite(sums[at]) ? sums[at] + lost[at] : sums[at];
  }

  /** All sums divided by {@code divisor}. */
  double[] dividedBy(double divisor) {
    double[] values = new double[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(i) / divisor;
    }
    return values;
  }
}
