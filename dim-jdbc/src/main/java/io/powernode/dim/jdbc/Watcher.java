package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore.Change;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears a stream's changes in order, on one thread of the environment at a time. */
final class Watcher implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
  private static final int PAGE = 500;

  private final ChangeLog log;
  private final Environment environment;
  private final String stream;
  private final Consumer<Change> changes;
  private final Consumer<Watcher> onClose;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile long heard;
  private volatile boolean closed;

  Watcher(
      ChangeLog log,
      Environment environment,
      String stream,
      long after,
      Consumer<Change> changes,
      Consumer<Watcher> onClose) {
    this.log = log;
    this.environment = environment;
    this.stream = stream;
    this.heard = after;
    this.changes = changes;
    this.onClose = onClose;
  }

  String stream() {
    return stream;
  }

  /** Whether there is something to hear if {@code last} is the number of the last change. */
  boolean isBehind(long last) {
    return heard < last;
  }

  /** Goes on hearing soon; returns at once. */
  void wake() {
    if (!closed && asked.getAndIncrement() == 0) {
      try {
        environment.execute(this::deliver);
      } catch (RejectedExecutionException shutDown) {
        closed = true;
      }
    }
  }

  /** Who asks meanwhile leaves the work to the thread that is at it. */
  private void deliver() {
    int answered = 1;
    do {
      try {
        hearAll();
      } catch (DimException unavailable) {
        LOG.debug("a watcher cannot read now; it is woken again", unavailable);
      } catch (RuntimeException | Error defect) {
        LOG.warn("a watcher cannot read the stream's changes; it is woken again", defect);
      }
      answered = asked.addAndGet(-answered);
    } while (answered > 0);
  }

  private void hearAll() {
    List<Change.Applied> page;
    do {
      page = log.after(stream, heard, PAGE);
      for (Change.Applied change : page) {
        if (change.at() > heard + 1) {
          tell(new Change.Compacted(change.at() - 1));
        }
        tell(change);
      }
    } while (page.size() == PAGE && !closed);
    if (page.isEmpty()) {
      hearWhatIsGone();
    }
  }

  /** A store that was filled from another has its numbers and none of its changes. */
  private void hearWhatIsGone() {
    long last = log.last().getOrDefault(stream, 0L);
    if (isBehind(last) && log.after(stream, heard, 1).isEmpty()) {
      tell(new Change.Compacted(last));
    }
  }

  private void tell(Change change) {
    if (closed) {
      return;
    }
    heard = change.at();
    try {
      changes.accept(change);
    } catch (RuntimeException | Error e) {
      LOG.warn("a watcher failed at change {}", change.at(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    onClose.accept(this);
  }
}
