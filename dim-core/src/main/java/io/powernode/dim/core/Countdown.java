package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.function.Consumer;

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
  private final Consumer<Duration> onStep;
  private final Object lock = new Object();
  private Subscription timer = () -> {};
  private boolean closed;

  private Countdown(Environment environment, Duration left, Consumer<Duration> onStep) {
    this.environment = environment;
    this.end = environment.nanoTime() + Spans.nanos(left);
    this.step = step(left);
    this.onStep = onStep;
  }

  /**
   * Starts to count.
   *
   * @param left what is left now
   * @param onStep hears what is left, the last time that nothing is; one call at a time, which must
   *     not block
   */
  static Countdown start(Environment environment, Duration left, Consumer<Duration> onStep) {
    Countdown countdown = new Countdown(environment, left, onStep);
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
    synchronized (lock) {
      if (!closed) {
        Duration left = left();
        timer = environment.schedule(left.compareTo(step) < 0 ? left : step, this::tell);
      }
    }
  }

  private void tell() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      Duration left = left();
      closed = left.isZero();
      onStep.accept(left);
    }
    next();
  }

  /** Nothing is told any more when this returns. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      timer.close();
    }
  }
}
