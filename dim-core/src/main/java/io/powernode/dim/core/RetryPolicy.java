package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and when a transient failure is tried again: capped exponential backoff with jitter, as
 * in M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Jitter 0 is plain
 * backoff, 0.5 its "equal jitter", 1 its "full jitter".
 *
 * @param maxAttempts how often a task is tried in all, the first time included; 1 to 100
 * @param initialDelay before the second attempt; 0 to 1 day
 * @param multiplier by which the delay grows with each attempt; 1 to 100
 * @param maxDelay no delay is longer; {@code initialDelay} to 1 day
 * @param jitter the share of the delay that is random; 0 to 1
 */
public record RetryPolicy(
    int maxAttempts, Duration initialDelay, double multiplier, Duration maxDelay, double jitter) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * Checks the ranges.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} naming the field and its range
   */
  public RetryPolicy {
    Ranges.require(maxAttempts >= 1 && maxAttempts <= 100, "maxAttempts", "1 to 100");
    Ranges.require(
        !initialDelay.isNegative() && initialDelay.compareTo(LONGEST) <= 0,
        "initialDelay",
        "0 to 1 day");
    Ranges.require(multiplier >= 1 && multiplier <= 100, "multiplier", "1 to 100");
    Ranges.require(
        maxDelay.compareTo(initialDelay) >= 0 && maxDelay.compareTo(LONGEST) <= 0,
        "maxDelay",
        "initialDelay to 1 day");
    Ranges.require(jitter >= 0 && jitter <= 1, "jitter", "0 to 1");
  }

  /** Four attempts; 100 ms, doubling up to 5 s, a fifth of it random. */
  public static RetryPolicy standard() {
    return new RetryPolicy(4, Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.2);
  }

  /** One attempt and no other. */
  public static RetryPolicy never() {
    return new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO, 0);
  }

  /**
   * How long to wait before the next attempt: {@code min(maxDelay, initialDelay *
   * multiplier^(attempt - 1))}, of which at most the share {@code jitter} is taken off at random.
   *
   * @param attempt the number of the attempt that just failed, from 1
   * @param random where the jitter comes from
   */
  public Duration delay(int attempt, RandomGenerator random) {
    Ranges.require(attempt >= 1, "attempt", "1 or more");
    double grown = initialDelay.toNanos() * Math.pow(multiplier, attempt - 1);
    double capped = Math.min(maxDelay.toNanos(), grown);
    return Duration.ofNanos(Math.round(capped * (1 - jitter * random.nextDouble())));
  }
}
