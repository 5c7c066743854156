package io.powernode.dim.jdbc;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again, with a pause before each time, for as long as it is wanted. An
 * environment that is closed ends it quietly. Thread-safe.
 */
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final Environment environment;
  private final Duration pause;
  private final BooleanSupplier isWanted;
  private final Runnable work;
  private Subscription timer = () -> {};
  private boolean isTicking;
  private boolean isClosed;

  Ticker(Environment environment, Duration pause, BooleanSupplier isWanted, Runnable work) {
    this.environment = environment;
    this.pause = pause;
    this.isWanted = isWanted;
    this.work = work;
  }

  /** It is wanted; does nothing if that was known. */
  synchronized void start() {
    if (!isTicking && !isClosed) {
      isTicking = true;
      schedule();
    }
  }

  private synchronized void schedule() {
    if (isClosed) {
      return;
    }
    try {
      timer = environment.schedule(pause, this::goOff);
    } catch (RejectedExecutionException shutDown) {
      isClosed = true;
    }
  }

  private void goOff() {
    try {
      environment.execute(this::tick);
    } catch (RejectedExecutionException shutDown) {
      close();
    } catch (RuntimeException | Error noThread) {
      LOG.warn("there is no thread now; trying again", noThread);
      schedule();
    }
  }

  private void tick() {
    synchronized (this) {
      isTicking = !isClosed && isWanted.getAsBoolean();
      if (!isTicking) {
        return;
      }
    }
    try {
      work.run();
    } catch (RuntimeException | Error thrown) {
      LOG.warn("the store's upkeep, or a look at its changes, failed; trying again", thrown);
    } finally {
      schedule();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    timer.close();
  }
}
