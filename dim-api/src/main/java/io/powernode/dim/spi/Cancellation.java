package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;

/** Says whether somebody still waits for an answer. Thread-safe. */
public interface Cancellation {
  /** Whether to stop. Once true, it stays true. */
  boolean isCancelled();

  /**
   * Calls back when it is time to stop, at once if it already is. Close the subscription when the
   * work is done.
   */
  Subscription onCancel(Runnable action);

  /** Never cancelled. */
  static Cancellation none() {
    return NeverCancelled.INSTANCE;
  }
}
