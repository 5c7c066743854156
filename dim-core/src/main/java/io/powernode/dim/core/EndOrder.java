package io.powernode.dim.core;

import io.powernode.dim.spi.Environment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The order in which jobs ended, in microseconds: a clock that follows the wall clock when it
 * starts, is never set back, and is put forward to the latest end that the store has. So no job
 * counts as the longest ended because a clock is wrong. Thread-safe.
 */
final class EndOrder {
  private final JobBook book;
  private final Environment environment;
  private final long startedAt;
  private final Object lock = new Object();
  private long start;
  private long last;

  /**
   * Starts the clock, at the latest end in the store if that is later than now.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  EndOrder(JobBook book, Environment environment) {
    this.book = book;
    this.environment = environment;
    this.startedAt = environment.nanoTime();
    this.start = micros(environment.now());
    catchUp();
  }

  /** Fine enough to tell jobs apart that take less than a millisecond. */
  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** The place of a job that ends now, after all that were given before. Does not block. */
  long next() {
    synchronized (lock) {
      last = Math.max(last + 1, now());
      return last;
    }
  }

  /** Heeds what others have ended meanwhile, whose clocks may be ahead. */
  void catchUp() {
    book.lastEnd().ifPresent(this::catchUp);
  }

  private void catchUp(long latest) {
    synchronized (lock) {
      start += Math.max(0, latest + 1 - now());
    }
  }

  /** Under the lock. */
  private long now() {
    return start + (environment.nanoTime() - startedAt) / 1_000;
  }
}
