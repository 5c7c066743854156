package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs chores one after the other, again and again, until it is closed. Thread-safe. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Environment environment;
  private final Duration interval;
  private final List<Runnable> chores;
  private volatile Subscription timer = () -> {};
  private volatile boolean closed;

  Upkeep(Environment environment, Duration interval, List<Runnable> chores) {
    this.environment = environment;
    this.interval = interval;
    this.chores = List.copyOf(chores);
  }

  void start() {
    try {
      timer = environment.schedule(interval, () -> environment.execute(this::runAll));
    } catch (RejectedExecutionException shutDown) {
      closed = true;
    }
  }

  private void runAll() {
    for (Runnable chore : chores) {
      try {
        if (!closed) {
          chore.run();
        }
      } catch (DimException unavailable) {
        LOG.debug("upkeep is put off", unavailable);
      } catch (RuntimeException defect) {
        LOG.error("upkeep failed; it is tried again", defect);
      }
    }
    if (!closed) {
      start();
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
