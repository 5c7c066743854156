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

  /**
   * Adds {@code factor × values[i]} to the sum {@code i}, for {@code i} below {@code count}.
   * Without a branch, so that several are added at a time; the error is the same. Source: D. Knuth,
   * The Art of Computer Programming, volume 2, section 4.2.2.
   */
  void add(double[] values, int count, double factor) {
    for (int i = 0; i < count; i++) {
      double old = sums[i];
      double value = factor * values[i];
      double sum = old + value;
      double added = sum - old;
      lost[i] += (old - (sum - added)) + (value - added);
      sums[i] = sum;
    }
  }

  double get(int at) {
    // An overflow makes the carried error NaN; the sum itself says more.
    double whole = sums[at] + lost[at];
    return Double.isFinite(whole) ? whole : sums[at];
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
