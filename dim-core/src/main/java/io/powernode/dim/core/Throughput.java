package io.powernode.dim.core;

import java.util.concurrent.TimeUnit;

/**
 * How fast slots become free while jobs wait for them: an exponentially weighted mean of the time
 * between two. Not thread-safe.
 */
final class Throughput {
  /** The weight of the newest interval: the last twenty or so count. */
  private static final double NEWEST = 0.1;

  private static final long LONGEST_SECONDS = 600;

  private double meanNanos;
  private long lastFreed;
  private boolean contended;

  /**
   * A slot became free.
   *
   * @param wanted whether a job waits for it; else the time until the next one says nothing
   */
  void freed(long now, boolean wanted) {
    if (contended) {
      double interval = now - lastFreed;
      meanNanos = meanNanos == 0 ? interval : meanNanos + NEWEST * (interval - meanNanos);
    }
    lastFreed = now;
    contended = wanted;
  }

  /** Whole seconds until a slot will probably be free; 1 to 600, and 1 while nothing is known. */
  long secondsToNextSlot() {
    double seconds = Math.ceil(meanNanos / TimeUnit.SECONDS.toNanos(1));
    return Math.max(1, Math.min(LONGEST_SECONDS, (long) seconds));
  }
}
