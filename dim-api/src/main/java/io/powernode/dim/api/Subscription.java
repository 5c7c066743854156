package io.powernode.dim.api;

/** Something that keeps calling back until it is closed. Closing twice is fine. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  /** Ends the calls; one that is already under way may still finish. */
  @Override
  void close();
}
