package io.powernode.dim.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How thoroughly to measure.
 *
 * @param isSmoke small inputs and a few calls in this process: only to see that all of it works
 * @param rounds how often every measure is taken, each time in a process of its own; 1 or more
 */
record Effort(boolean isSmoke, int rounds) {
  private static final TimeValue BLINK = TimeValue.milliseconds(20);

  <T> T pick(List<T> smokeFirst) {
    return smokeFirst.get(isSmoke ? 0 : smokeFirst.size() - 1);
  }

  /** Warms up for long, since what runs in a host has been running for long. */
  ChainedOptionsBuilder apply(ChainedOptionsBuilder options, Mode mode, Pace pace) {
    boolean isWhole = mode == Mode.SingleShotTime;
    options.timeUnit(mode == Mode.Throughput ? TimeUnit.SECONDS : TimeUnit.NANOSECONDS);
    if (isSmoke) {
      options.warmupIterations(isWhole ? 0 : 1).measurementIterations(1);
      return options.warmupTime(BLINK).measurementTime(BLINK);
    }
    switch (pace) {
      case COLD -> options.warmupIterations(0).measurementIterations(1);
      case LONG -> options.warmupIterations(12).measurementIterations(5);
      case STEADY -> options.warmupIterations(isWhole ? 3 : 5).measurementIterations(5);
    }
    return options.warmupTime(TimeValue.seconds(2)).measurementTime(TimeValue.seconds(1));
  }
}
