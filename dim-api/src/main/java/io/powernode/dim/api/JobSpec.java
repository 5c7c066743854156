package io.powernode.dim.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One inference job. Built fluently by {@link #collaborative}, {@link #comparative}, {@link
 * #chained} or, for a plugin's pattern, {@link #of}; or parsed from JSON by dim-json.
 *
 * @param config what is asked of the pattern
 * @param priority how soon
 * @param maxCost in the cost model's unit; a job whose estimate exceeds it is refused; above 0
 * @param timeout how long the job may run, not counting a wait for a review; above 0, at most
 *     {@link #MAX_TIMEOUT}
 * @param idempotencyKey the same key with the same specification is the same job; 1 to 256
 *     characters
 * @param purpose why, for the data owners' policies; an identifier
 * @param inputData named tensors that travel with the job; rows are columns of shape [n]
 */
public record JobSpec(
    PatternSpec config,
    Priority priority,
    Optional<Long> maxCost,
    Duration timeout,
    Optional<String> idempotencyKey,
    Optional<String> purpose,
    Map<String, Tensor> inputData) {

  /** The time a job may run unless it says otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(120);

  /** The longest time a job may ask for. */
  public static final Duration MAX_TIMEOUT = Duration.ofDays(30);

  private static final String TIMEOUTS = "seconds above 0, at most " + MAX_TIMEOUT.toSeconds();

  public JobSpec {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(timeout, "timeout");
    inputData = Collections.unmodifiableMap(new LinkedHashMap<>(inputData));
  }

  /** The name of the job's pattern. */
  public String pattern() {
    return config.pattern();
  }

  /** A job that runs one model over the data of several owners and aggregates what comes back. */
  public static CollaborativeJobBuilder collaborative(String modelId) {
    return new CollaborativeJobBuilder(modelId);
  }

  /** A job that runs several models over the same data and lets them vote. */
  public static ComparativeJobBuilder comparative(String... modelIds) {
    return new ComparativeJobBuilder(List.of(modelIds));
  }

  /** A job that runs models one after the other, each on what the earlier ones answered. */
  public static ChainedJobBuilder chained() {
    return new ChainedJobBuilder();
  }

  /** A job of any pattern, a plugin's included. */
  public static JobBuilder.Custom of(PatternSpec config) {
    return new JobBuilder.Custom(config);
  }

  /** Adds a violation for everything that is wrong with this job on its own. */
  public void validate(Violations violations) {
    violations.require(maxCost.orElse(1L) > 0, "maxCost", "is not positive", "an integer above 0");
    violations
        .at("config")
        .require(
            isPositive(timeout) && timeout.compareTo(MAX_TIMEOUT) <= 0,
            "timeout",
            "is out of range",
            TIMEOUTS);
    idempotencyKey.ifPresent(
        key ->
            violations.require(
                !key.isEmpty() && key.length() <= 256,
                "idempotencyKey",
                "has the wrong length",
                "1 to 256 characters"));
    purpose.ifPresent(text -> violations.requireId(text, "purpose"));
    for (String name : inputData.keySet()) {
      violations.require(!name.isEmpty(), "inputData", "has a tensor without a name", "a name");
    }
    config.validate(violations.at("config"));
  }

  static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
