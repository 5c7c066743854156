package io.powernode.dim.benchmarks;

import java.util.List;

/**
 * What was promised, as a bound that is itself measured in the same round wherever it can be.
 *
 * @param what is measured
 * @param promise in words
 * @param measured the figure
 * @param bound of the figure
 * @param isAtMost whether the figure may not be above the bound; else it may not be below
 * @param unit of both
 */
record Target(
    String what, String promise, Quantity measured, Quantity bound, boolean isAtMost, Unit unit) {

  /** In what a figure is written. */
  enum Unit {
    MICROS("µs", 1e-3),
    MILLIS("ms", 1e-6),
    PER_SECOND("/s", 1),
    TRIPS("trips", 1),
    MEGABYTES("MB", 1e-6);

    private final String symbol;
    private final double factor;

    Unit(String symbol, double factor) {
      this.symbol = symbol;
      this.factor = factor;
    }

    String symbol() {
      return symbol;
    }

    double of(double value) {
      return value * factor;
    }
  }

  /**
   * How it turned out.
   *
   * @param measured the median of the rounds, in the unit
   * @param bound the median of the rounds, in the unit
   * @param ratio the median of the rounds' measured by bound
   * @param isMet whether the ratio is on the right side of 1
   */
  record Verdict(Target target, double measured, double bound, double ratio, boolean isMet) {}

  static Target atMost(String what, String promise, Quantity measured, Quantity bound, Unit unit) {
    return new Target(what, promise, measured, bound, true, unit);
  }

  static Target atLeast(String what, String promise, Quantity measured, Quantity bound, Unit unit) {
    return new Target(what, promise, measured, bound, false, unit);
  }

  /** A round in which either side failed makes no target met. */
  Verdict verdict(List<Round> rounds) {
    double ratio = median(rounds, round -> measured.of(round) / bound.of(round));
    boolean met = isAtMost ? ratio <= 1 : ratio >= 1;
    return new Verdict(
        this,
        unit.of(median(rounds, measured)),
        unit.of(median(rounds, bound)),
        ratio,
        met && rounds.stream().noneMatch(this::isFailed));
  }

  private boolean isFailed(Round round) {
    return Double.isNaN(measured.of(round)) || Double.isNaN(bound.of(round));
  }

  static double median(List<Round> rounds, Quantity quantity) {
    double[] sorted = rounds.stream().mapToDouble(quantity::of).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
