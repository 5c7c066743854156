package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A limit of time that can outlive its process. What is left of it is told after every eighth, but
 * not more often than each second nor more seldom than every ten minutes, so that whoever keeps
 * that durably loses no more of it to a crash. A pure duration: no wall clock has a say.
 * Thread-safe.
 */
final class Countdown implements Subscription {
  private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
  private static final Duration LONGEST_STEP = Duration.ofMinutes(10);

  private final Environment environment;
  private final long end;
  private final Duration step;
  private final Listener listener;
  private final Object lock = new Object();
  private Subscription timer = () -> {};
  private volatile boolean closed;

  /** Who hears what is left. */
  interface Listener {
    /**
     * Some of the time has passed. Must not block.
     *
     * @param left what is left, the last time nothing
     * @param isOver whether the countdown was closed meanwhile: what is written then is outdated
     */
    void left(Duration left, BooleanSupplier isOver);
  }

  private Countdown(Environment environment, Duration left, Listener listener) {
    this.environment = environment;
    this.end = environment.nanoTime() + Spans.nanos(left);
    this.step = step(left);
    this.listener = listener;
  }

  /**
   * Starts to count.
   *
   * @param left what is left now
   */
  static Countdown start(Environment environment, Duration left, Listener listener) {
    Countdown countdown = new Countdown(environment, left, listener);
    countdown.next();
    return countdown;
  }

  private static Duration step(Duration left) {
    Duration eighth = left.dividedBy(8);
    if (eighth.compareTo(SHORTEST_STEP) < 0) {
      return SHORTEST_STEP;
    }
    return eighth.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : eighth;
  }

  /** What is left, 0 or more. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - environment.nanoTime()));
  }

  private void next() {
    Duration left = left();
    again(left.compareTo(step) < 0 ? left : step);
  }

  private void again(Duration delay) {
    synchronized (lock) {
      if (!closed) {
        timer = environment.schedule(delay, this::tell);
      }
    }
  }

  /** What was not heard is told again, since the end of a limit must be. */
  private void tell() {
    if (closed) {
      return;
    }
    Duration left = left();
    boolean isTold = false;
    try {
      listener.left(left, () -> closed);
      isTold = true;
    } finally {
      if (!isTold) {
        again(SHORTEST_STEP);
      } else if (!left.isZero()) {
        next();
      }
    }
  }

  /** Tells nothing from now on; a call that is under way is told that it is over. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      timer.close();
    }
  }
}
