package io.powernode.dim.benchmarks;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * What one process measured. Not a number where the mode does not tell, or the process failed.
 *
 * @param p50 half of the calls took no longer, nanoseconds
 * @param p99 99 of 100 calls took no longer, nanoseconds
 * @param perSecond calls a second of all threads together
 * @param counted what a benchmark itself counts for a call, as trips to a database or bytes; not a
 *     number where it counts nothing
 */
record Sample(double p50, double p99, double perSecond, double counted) {
  private static final double NANOS = 1e9;

  /** The sample of a process that failed. */
  static final Sample FAILED = new Sample(Double.NaN, Double.NaN, Double.NaN);

  Sample(double p50, double p99, double perSecond) {
    this(p50, p99, perSecond, Double.NaN);
  }

  /** The sample of a process that timed single calls, in nanoseconds. */
  static Sample ofTimes(Result<?> times, int threads) {
    Statistics statistics = times.getStatistics();
    return new Sample(
        statistics.getPercentile(50),
        statistics.getPercentile(99),
        threads * NANOS / statistics.getMean());
  }

  /** The sample of a process that counted calls a second. */
  static Sample ofRate(RunResult result) {
    double rate = result.getPrimaryResult().getScore();
    double counted =
        result.getSecondaryResults().values().stream()
            .mapToDouble(counts -> counts.getScore() / rate)
            .findFirst()
            .orElse(Double.NaN);
    return new Sample(Double.NaN, Double.NaN, rate, counted);
  }

  boolean isFailed() {
    return Double.isNaN(perSecond);
  }
}
