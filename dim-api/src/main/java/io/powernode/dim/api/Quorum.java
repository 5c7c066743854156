package io.powernode.dim.api;

import java.time.Duration;
import java.util.Optional;

/**
 * How many nodes must contribute, and how long to wait for the rest once that many have.
 *
 * @param min the least number of accepted contributions, 1 or more; empty means all
 * @param graceSeconds how long to wait for stragglers after {@code min} was reached; 0 or more, and
 *     0 without {@code min}
 */
public record Quorum(Optional<Integer> min, double graceSeconds) {

  /** Every node must contribute. */
  public static Quorum all() {
    return new Quorum(Optional.empty(), 0);
  }

  /** At least {@code min} nodes must contribute; no grace for the others. */
  public static Quorum atLeast(int min) {
    return new Quorum(Optional.of(min), 0);
  }

  /** The same quorum with another grace time. */
  public Quorum grace(Duration grace) {
    return new Quorum(min, grace.toMillis() / 1000.0);
  }

  /** The grace time. */
  public Duration grace() {
    return Duration.ofMillis(Math.round(graceSeconds * 1000));
  }

  void validate(Violations violations) {
    violations.require(min.orElse(1) >= 1, "min", "is too small", "1 or more");
    violations.require(
        graceSeconds >= 0 && graceSeconds <= 86_400,
        "graceSeconds",
        "is out of range",
        "0 to 86400");
    violations.require(
        min.isPresent() || !(graceSeconds > 0),
        "graceSeconds",
        "stands without min, so that all nodes are waited for anyway",
        "0 or left out, or min beside it");
  }
}
