package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets ended jobs, the longest ended first: once there are more than a limit, and once their
 * time has passed. Looks at the store only now and then, and deletes in small batches. Thread-safe.
 */
final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Duration SHORTEST_LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);
  private static final int BATCH = 100;

  private final Tenure tenure;
  private final JobBook book;
  private final EndOrder order;
  private final Limits limits;
  private final JobRemoval removal;
  private final AtomicInteger sinceSweep = new AtomicInteger();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile Subscription timer = () -> {};
  private volatile boolean closed;

  /** How many ended jobs there are, as far as is known. For whoever sweeps. */
  private long kept;

  /** How many jobs ended since those in the store were counted. For whoever sweeps. */
  private int sinceCount;

  /**
   * What is kept of ended jobs.
   *
   * @param jobs how many at most, 0 or more
   * @param time how long at most, if there is a limit
   * @param journals whether their journals are kept as long as they are
   */
  record Limits(int jobs, Optional<Duration> time, boolean journals) {}

  Retention(Tenure tenure, JobBook book, EndOrder order, Limits limits) {
    this.tenure = tenure;
    this.book = book;
    this.order = order;
    this.limits = limits;
    this.removal = new JobRemoval(tenure, book);
    this.sinceCount = limits.jobs();
  }

  /** Whether a job's journal outlives the job's end. */
  boolean keepsJournals() {
    return limits.journals();
  }

  /** The place among the ended jobs of one that ends now. Does not block. */
  long nextEnd() {
    return order.next();
  }

  /** Looks for jobs whose time has passed, from now on. */
  void start() {
    limits.time().ifPresent(this::lookLater);
  }

  private void lookLater(Duration time) {
    Duration tenth = time.dividedBy(10);
    Duration soon = tenth.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : tenth;
    try {
      timer =
          tenure
              .environment()
              .schedule(
                  soon.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : soon,
                  () -> tenure.environment().execute(() -> look(time)));
    } catch (RejectedExecutionException shutDown) {
      closed = true;
    }
  }

  private void look(Duration time) {
    if (closed) {
      return;
    }
    try {
      if (isOldest()) {
        forgetOlder(time, tenure.environment().now());
      }
    } catch (RuntimeException unavailable) {
      LOG.warn("ended jobs could not be forgotten; trying again later", unavailable);
    }
    lookLater(time);
  }

  /** One orchestrator does it for all, so that they do not get into each other's way. */
  private boolean isOldest() {
    return tenure.store().sessions().stream()
        .filter(SessionState::isLive)
        .findFirst()
        .filter(first -> first.epoch() == tenure.epoch())
        .isPresent();
  }

  /** What was ended by a clock that is ahead tells nothing of the jobs that come after it. */
  private void forgetOlder(Duration time, Instant now) {
    Instant latest = now.minus(time);
    Optional<String> after = Optional.empty();
    do {
      StateStore.Page page = book.ended(after, BATCH);
      List<StateStore.Entry> due = new ArrayList<>();
      for (StateStore.Entry entry : page.entries()) {
        Optional<Instant> end = book.readable(entry).flatMap(record -> record.life().endedAt());
        if (end.filter(at -> at.isAfter(latest) && !at.isAfter(now)).isPresent()) {
          removal.remove(due);
          return;
        }
        // How old a job is that cannot be read here is not known; it goes by the limit of number.
        end.filter(at -> !at.isAfter(latest)).ifPresent(known -> due.add(entry));
      }
      if (!due.isEmpty() && !removal.remove(due)) {
        return;
      }
      after = page.next();
    } while (after.isPresent());
  }

  /** A job ended. */
  void ended() {
    sinceSweep.incrementAndGet();
    sweepIfDue();
  }

  private void sweepIfDue() {
    if (sinceSweep.get() >= Math.max(1, Math.min(BATCH, limits.jobs()))
        && sweeping.compareAndSet(false, true)) {
      tenure.environment().execute(this::sweep);
    }
  }

  private void sweep() {
    try {
      count(sinceSweep.getAndSet(0));
      boolean deleted = true;
      while (kept > limits.jobs() && deleted) {
        deleted = forget((int) Math.min(kept - limits.jobs(), BATCH));
      }
    } catch (RuntimeException unavailable) {
      LOG.warn("ended jobs could not be forgotten; trying again later", unavailable);
      sinceCount = limits.jobs();
    } finally {
      sweeping.set(false);
    }
    sweepIfDue();
  }

  /**
   * Counts what is in the store only when as many jobs ended as are kept: others may share the
   * store, and a look at all after every few jobs would cost ever more.
   */
  private void count(int ended) {
    sinceCount += ended;
    kept += ended;
    if (sinceCount >= limits.jobs()) {
      kept = book.countEnded();
      sinceCount = 0;
    }
  }

  private boolean forget(int jobs) {
    List<StateStore.Entry> oldest = book.ended(Optional.empty(), jobs).entries();
    boolean removed = removal.remove(oldest);
    if (removed) {
      kept -= oldest.size();
    } else {
      sinceCount = limits.jobs();
    }
    return removed;
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
