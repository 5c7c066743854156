package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs an action once at the earliest of the times asked for since it last ran. Thread-safe. */
final class Alarm implements AutoCloseable {
  private final Environment environment;
  private final Runnable action;
  private @Nullable Subscription timer;
  private long time;
  private boolean closed;

  /** An alarm that is not set. */
  Alarm(Environment environment, Runnable action) {
    this.environment = environment;
    this.action = action;
  }

  /** The action must run at {@code when}, in the environment's nanoseconds, or before. */
  synchronized void set(long when) {
    if (closed || (timer != null && time - when <= 0)) {
      return;
    }
    if (timer != null) {
      timer.close();
    }
    time = when;
    long delay = Math.max(0, when - environment.nanoTime());
    timer = environment.schedule(Duration.ofNanos(delay), () -> ring(when));
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.close();
      timer = null;
    }
  }

  private void ring(long when) {
    synchronized (this) {
      if (timer == null || time != when) {
        return;
      }
      timer = null;
    }
    action.run();
  }
}
