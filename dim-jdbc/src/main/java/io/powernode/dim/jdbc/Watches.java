package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches which stream. This store's own commits wake them at once; for those of others, and
 * for a wake-up that came when the database could not be read, the streams are looked at from time
 * to time while anybody watches. Thread-safe.
 */
final class Watches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private final ChangeLog log;
  private final Environment environment;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final Ticker poll;
  private volatile boolean closed;

  Watches(ChangeLog log, Environment environment, Duration pollInterval) {
    this.log = log;
    this.environment = environment;
    this.poll = new Ticker(environment, pollInterval, () -> !watchers.isEmpty(), this::poll);
  }

  Subscription watch(String stream, long after, Consumer<Change> changes) {
    if (closed) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the store is closed");
    }
    Watcher watcher = new Watcher(log, environment, stream, after, changes, watchers::remove);
    watchers.add(watcher);
    watcher.wake();
    poll.start();
    return watcher;
  }

  /** Streams have changed. */
  void wake(Set<String> streams) {
    for (Watcher watcher : watchers) {
      if (streams.contains(watcher.stream())) {
        watcher.wake();
      }
    }
  }

  private void poll() {
    try {
      Map<String, Long> last = log.last();
      for (Watcher watcher : watchers) {
        if (watcher.isBehind(last.getOrDefault(watcher.stream(), 0L))) {
          watcher.wake();
        }
      }
    } catch (DimException unavailable) {
      LOG.debug("the streams cannot be looked at now", unavailable);
    }
  }

  /** Watchers hear no more. */
  @Override
  public void close() {
    closed = true;
    poll.close();
    watchers.forEach(Watcher::close);
  }
}
