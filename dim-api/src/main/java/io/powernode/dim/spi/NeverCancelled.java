package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;

/** The no-op cancellation. */
enum NeverCancelled implements Cancellation {
  INSTANCE;

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public Subscription onCancel(Runnable action) {
    return () -> {};
  }
}
