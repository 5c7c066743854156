package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done round after round, one at a time, whatever a round throws: what keeps an
 * orchestrator alive must not end with one bad record or for want of a thread. Thread-safe.
 */
final class Routine implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Routine.class);

  /** When to try again to get a thread. */
  private static final Duration NO_THREAD = Duration.ofMillis(100);

  private final Environment environment;
  private final Duration pause;
  private final String failure;
  private final BooleanSupplier round;
  private volatile Subscription timer = () -> {};
  private volatile boolean closed;

  private Routine(Environment environment, Duration pause, String failure, BooleanSupplier round) {
    this.environment = environment;
    this.pause = pause;
    this.failure = failure;
    this.round = round;
  }

  /**
   * Begins the rounds, on other threads.
   *
   * @param first when the first one begins
   * @param pause between the end of a round and the next
   * @param failure what to log of a round that throws
   * @param round says whether there is to be another one; one that throws is followed by another
   */
  static Routine start(
      Environment environment,
      Duration first,
      Duration pause,
      String failure,
      BooleanSupplier round) {
    Routine routine = new Routine(environment, pause, failure, round);
    if (first.isZero()) {
      routine.begin();
    } else {
      routine.after(first);
    }
    return routine;
  }

  private void after(Duration delay) {
    if (closed) {
      return;
    }
    try {
      timer = environment.schedule(delay, this::begin);
    } catch (RejectedExecutionException shutDown) {
      closed = true;
    }
  }

  private void begin() {
    if (closed) {
      return;
    }
    try {
      environment.execute(this::run);
    } catch (RejectedExecutionException shutDown) {
      closed = true;
    } catch (RuntimeException | Error noThread) {
      after(NO_THREAD);
      LOG.warn("there is no thread now; trying again", noThread);
    }
  }

  private void run() {
    if (closed) {
      return;
    }
    boolean goesOn = true;
    try {
      goesOn = round.getAsBoolean();
    } catch (RuntimeException | Error thrown) {
      LOG.warn("{}; trying again", failure, thrown);
    } finally {
      if (goesOn) {
        after(pause);
      }
    }
  }

  /** No round begins any more; one that is under way goes on. */
  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
