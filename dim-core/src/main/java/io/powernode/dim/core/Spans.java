package io.powernode.dim.core;

import java.time.Duration;

/** Spans of time on a clock that counts nanoseconds. */
final class Spans {
  /** As good as for ever, and far enough from overflow when added to a clock. */
  private static final Duration LONGEST = Duration.ofDays(100 * 365);

  private Spans() {}

  /** The nanoseconds of a span, at most a hundred years of them. */
  static long nanos(Duration span) {
    return span.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : Math.max(0, span.toNanos());
  }
}
