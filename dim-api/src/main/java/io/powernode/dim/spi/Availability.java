package io.powernode.dim.spi;

import java.util.Optional;

/**
 * Whether a runtime can be used here.
 *
 * @param reason why not, so that a person can act on it; empty if it can
 */
public record Availability(Optional<String> reason) {
  /** It can be used. */
  public static Availability available() {
    return new Availability(Optional.empty());
  }

  /** It cannot, because of {@code reason}. */
  public static Availability unavailable(String reason) {
    return new Availability(Optional.of(reason));
  }

  /** Whether it can be used. */
  public boolean isAvailable() {
    return reason.isEmpty();
  }
}
