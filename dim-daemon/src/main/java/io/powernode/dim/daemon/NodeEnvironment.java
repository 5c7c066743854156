package io.powernode.dim.daemon;

import io.powernode.dim.api.Subscription;
import java.time.Duration;

/**
 * Time and threads: what a node never takes by itself, so that a seeded simulation can run the real
 * code. Thread-safe.
 */
public interface NodeEnvironment extends AutoCloseable {
  /** A clock that never goes back, in nanoseconds from an arbitrary origin. */
  long nanoTime();

  /**
   * Runs {@code work} soon on another thread, where it may take long and block. The node asks for
   * no more at once than it has slots.
   */
  void execute(Runnable work);

  /** Runs {@code action}, which is short, after {@code delay} unless the subscription is closed. */
  Subscription schedule(Duration delay, Runnable action);

  /** Ends the threads; the node calls it last, and only on an environment that it made itself. */
  @Override
  void close();

  /**
   * The machine's clock, a bounded pool of platform threads for native inference, and one timer
   * thread; all of them daemon threads.
   *
   * @param threads how many tasks may run at once, 1 or more
   */
  static NodeEnvironment system(int threads) {
    return new SystemEnvironment(threads);
  }
}
