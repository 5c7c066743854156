package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.StateStore.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest changes of a stream, and who watches it. Watchers read from the log at their own pace
 * instead of having a queue each, so a slow one costs no memory.
 */
final class StreamLog {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLog.class);

  private final ReentrantLock lock;
  private final Change[] ring;

  /** Copied when it changes, so that deliveries can go through it unlocked. */
  private volatile List<Watcher> watchers = List.of();

  private long last;

  StreamLog(ReentrantLock lock, int kept) {
    this.lock = lock;
    this.ring = new Change[kept];
  }

  /** Under the lock. */
  long append(List<String> keys) {
    last++;
    ring[slot(last)] = new Change.Applied(last, keys);
    return last;
  }

  /** Under the lock. */
  Watcher add(long after, Consumer<Change> changes) {
    Watcher watcher = new Watcher(after, changes);
    List<Watcher> more = new ArrayList<>(watchers);
    more.add(watcher);
    watchers = List.copyOf(more);
    return watcher;
  }

  /** Under the lock. */
  void close() {
    watchers.forEach(w -> w.closed = true);
    watchers = List.of();
  }

  /** Not under the lock: tells the watchers what they have not heard. */
  void deliver() {
    watchers.forEach(Watcher::deliver);
  }

  private int slot(long at) {
    return (int) (at % ring.length);
  }

  /** Hears the stream's changes in order, on one thread at a time. */
  final class Watcher implements Subscription {
    private final Consumer<Change> changes;
    private final AtomicInteger asked = new AtomicInteger();
    private long heard;
    private volatile boolean closed;

    private Watcher(long after, Consumer<Change> changes) {
      this.heard = after;
      this.changes = changes;
    }

    /**
     * Whoever asks first delivers; who asks meanwhile, from another thread or from within the
     * watcher, leaves the work to it and goes on.
     */
    void deliver() {
      if (asked.getAndIncrement() > 0) {
        return;
      }
      int answered = 1;
      do {
        for (Change change : unheard()) {
          tell(change);
        }
        answered = asked.addAndGet(-answered);
      } while (answered > 0);
    }

    private List<Change> unheard() {
      lock.lock();
      try {
        List<Change> due = new ArrayList<>();
        long kept = Math.max(0, last - ring.length);
        if (heard < kept) {
          heard = kept;
          due.add(new Change.Compacted(kept));
        }
        while (heard < last) {
          due.add(ring[slot(++heard)]);
        }
        return due;
      } finally {
        lock.unlock();
      }
    }

    private void tell(Change change) {
      if (closed) {
        return;
      }
      try {
        changes.accept(change);
      } catch (RuntimeException e) {
        LOG.warn("a watcher failed at change {}", change.at(), e);
      }
    }

    /** Ends the calls, but for one that is under way on another thread. */
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        watchers = watchers.stream().filter(w -> w != this).toList();
      } finally {
        lock.unlock();
      }
    }
  }
}
