package io.powernode.dim.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to go on. Thread-safe. */
public final class SettableClock implements InstantSource {
  private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong();

  /** A clock at the first instant of 2026 and 0 nanoseconds. */
  public SettableClock() {}

  @Override
  public Instant instant() {
    return ORIGIN.plusNanos(nanos.get());
  }

  /** Nanoseconds since the clock was made. */
  public long nanoTime() {
    return nanos.get();
  }

  /** Lets time pass; 0 or more. */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time: is negative; allowed: 0 or more");
    }
    nanos.addAndGet(time.toNanos());
  }
}
