package io.powernode.dim.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What a pipeline does about failures.
 *
 * @param onFailure what happens when a step failed
 * @param maxRetries how often the pipeline may start again, 0..100
 * @param retryFromStep the step from which it starts again, 1..n; earlier ones keep their answers
 * @param rollbackTimeout how long a rollback may take, for all that it undoes together; above 0.
 *     Each failed attempt has a rollback, and so has a nested pipeline of its own; where the one
 *     before a retry could not undo everything, the one of the earlier steps has as long again
 */
public record ErrorHandling(
    OnFailure onFailure, int maxRetries, int retryFromStep, Duration rollbackTimeout) {

  /** How long rollbacks may take unless declared. */
  public static final Duration DEFAULT_ROLLBACK_TIMEOUT = Duration.ofSeconds(30);

  public ErrorHandling {
    Objects.requireNonNull(onFailure, "onFailure");
    Objects.requireNonNull(rollbackTimeout, "rollbackTimeout");
  }

  /** The first failed step ends the job. */
  public static ErrorHandling failFast() {
    return new ErrorHandling(OnFailure.FAIL_FAST, 0, 1, DEFAULT_ROLLBACK_TIMEOUT);
  }

  /** A failed step undoes what was done and starts again from the first step. */
  public static ErrorHandling rollbackAndRetry(int maxRetries) {
    return new ErrorHandling(OnFailure.ROLLBACK_AND_RETRY, maxRetries, 1, DEFAULT_ROLLBACK_TIMEOUT);
  }

  /** The same handling that starts again from a later step. */
  public ErrorHandling fromStep(int step) {
    return new ErrorHandling(onFailure, maxRetries, step, rollbackTimeout);
  }

  void validate(Violations violations, int steps) {
    violations.require(
        maxRetries >= 0 && maxRetries <= 100, "maxRetries", "is out of range", "0 to 100");
    violations.require(
        retryFromStep >= 1 && retryFromStep <= Math.max(1, steps),
        "retryFromStep",
        "is not a step of the pipeline",
        "1 to " + steps);
    violations.require(
        JobSpec.isPositive(rollbackTimeout),
        "rollbackTimeout",
        "is not positive",
        "seconds above 0");
  }
}
