package io.powernode.dim.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long jobs of a kind will probably take, from how long the completed ones took: an
 * exponentially weighted mean (S. W. Roberts, "Control Chart Tests Based on Geometric Moving
 * Averages", 1959) of each kind. A kind of which none completed yet is expected to be like all jobs
 * together; before any job completed, the answer is {@link #FIRST_GUESS}. The kinds seen last are
 * kept, {@link #MAX_KINDS} of them. Thread-safe.
 */
final class DurationEstimator {
  /** What is expected before anything was observed. */
  static final Duration FIRST_GUESS = Duration.ofSeconds(10);

  /** How many kinds are kept apart. */
  static final int MAX_KINDS = 1_000;

  /** The weight of the newest observation: the last ten or so count. */
  private static final double NEWEST = 0.2;

  private final Map<String, Double> meanNanos = new RecentlyUsed();
  private double overall = -1;

  /** How long a job of this kind will probably take. */
  synchronized Duration estimate(String kind) {
    double mean = meanNanos.getOrDefault(kind, overall);
    return mean < 0 ? FIRST_GUESS : Duration.ofNanos(Math.round(mean));
  }

  /** A job of this kind took so long; a negative time counts as none. */
  synchronized void observe(String kind, Duration took) {
    double nanos = Math.max(0, took.toNanos());
    meanNanos.merge(kind, nanos, DurationEstimator::moved);
    overall = overall < 0 ? nanos : moved(overall, nanos);
  }

  private static double moved(double mean, double nanos) {
    return mean + NEWEST * (nanos - mean);
  }

  private static final class RecentlyUsed extends LinkedHashMap<String, Double> {
    private static final long serialVersionUID = 1L;

    RecentlyUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
      return size() > MAX_KINDS;
    }
  }
}
