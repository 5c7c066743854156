package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Time, randomness, identifiers and threads: what the library never takes by itself, so that a
 * seeded simulation can run the real code. Thread-safe.
 */
public interface Environment extends AutoCloseable {
  /**
   * The wall clock, for people to read; no decision rests on it but when ended jobs are forgotten.
   */
  Instant now();

  /** A clock that never goes back, in nanoseconds from an arbitrary origin. */
  long nanoTime();

  /** The source of randomness. */
  RandomGenerator random();

  /** A fresh identifier that begins with {@code prefix} and a hyphen. */
  String newId(String prefix);

  /** Runs {@code work} soon on another thread, where it may block in {@link #await}. */
  void execute(Runnable work);

  /**
   * Runs {@code action} once after {@code delay}, unless the subscription is closed before. It must
   * not block: work that may is handed to {@link #execute}.
   */
  Subscription schedule(Duration delay, Runnable action);

  /**
   * Blocks the calling thread until the stage completes. The only place where the orchestrator
   * blocks.
   *
   * @throws InterruptedException if the thread is interrupted
   * @throws RuntimeException the stage's own exception, if it completed with one
   */
  <T> T await(CompletionStage<T> stage) throws InterruptedException;

  /** Ends the threads. */
  @Override
  void close();

  /** The machine's clocks, secure randomness, and daemon threads (virtual ones on JDK 21+). */
  static Environment system() {
    return SystemEnvironment.unbounded();
  }

  /**
   * The machine's clocks, secure randomness, and daemon threads, of which {@code threads} at most
   * run what is handed to {@link #execute}: platform threads, for native inference.
   *
   * @param threads 1 or more
   */
  static Environment system(int threads) {
    return SystemEnvironment.bounded(threads);
  }
}
