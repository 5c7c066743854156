package io.powernode.dim.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the builders of all patterns have in common. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class JobBuilder<B extends JobBuilder<B>>
    permits CollaborativeJobBuilder, ComparativeJobBuilder, ChainedJobBuilder, JobBuilder.Custom {
  private Priority priority = Priority.NORMAL;
  private Optional<Long> maxCost = Optional.empty();
  private Duration timeout = JobSpec.DEFAULT_TIMEOUT;
  private Optional<String> idempotencyKey = Optional.empty();
  private Optional<String> purpose = Optional.empty();
  private final Map<String, Tensor> inputData = new LinkedHashMap<>();

  JobBuilder() {}

  /** How soon the job should run; normal by default. */
  public final B priority(Priority value) {
    priority = value;
    return self();
  }

  /** Refuses the job if its estimated cost exceeds {@code units}; above 0. */
  public final B maxCost(long units) {
    maxCost = Optional.of(units);
    return self();
  }

  /** How long the job may run; 120 seconds by default. */
  public final B timeout(Duration value) {
    timeout = value;
    return self();
  }

  /** Makes submitting the same job twice safe; 1 to 256 characters. */
  public final B idempotencyKey(String key) {
    idempotencyKey = Optional.of(key);
    return self();
  }

  /** Why the job is run, for the data owners' policies. */
  public final B purpose(String text) {
    purpose = Optional.of(text);
    return self();
  }

  /** A named tensor that travels with the job. */
  public final B input(String name, Tensor tensor) {
    inputData.put(name, tensor);
    return self();
  }

  /**
   * The finished job.
   *
   * @throws InvalidJobException listing everything that is wrong with it
   */
  public final JobSpec build() {
    JobSpec spec =
        new JobSpec(config(), priority, maxCost, timeout, idempotencyKey, purpose, inputData);
    Violations violations = Violations.none();
    spec.validate(violations);
    violations.throwIfAny();
    return spec;
  }

  abstract PatternSpec config();

  @SuppressWarnings("unchecked")
  private B self() {
    return (B) this;
  }

  /** Builds a job around a finished {@link PatternSpec}. */
  public static final class Custom extends JobBuilder<Custom> {
    private final PatternSpec config;

    Custom(PatternSpec config) {
      this.config = config;
    }

    @Override
    PatternSpec config() {
      return config;
    }
  }
}
