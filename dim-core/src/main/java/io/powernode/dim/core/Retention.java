package io.powernode.dim.core;

import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets ended jobs, the longest ended first, once there are more than a limit. Looks at the store
 * only now and then, and deletes in small batches. Thread-safe.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int BATCH = 100;

  private final Tenure tenure;
  private final JobBook book;
  private final int limit;
  private final AtomicInteger sinceSweep = new AtomicInteger();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /** How many ended jobs there are, as far as is known. For whoever sweeps. */
  private int kept;

  /** How many jobs ended since those in the store were counted. For whoever sweeps. */
  private int sinceCount;

  /**
   * A retention.
   *
   * @param limit how many ended jobs to keep, 0 or more
   */
  Retention(Tenure tenure, JobBook book, int limit) {
    this.tenure = tenure;
    this.book = book;
    this.limit = limit;
    this.sinceCount = limit;
  }

  /** A job ended. */
  void ended() {
    sinceSweep.incrementAndGet();
    sweepIfDue();
  }

  private void sweepIfDue() {
    if (sinceSweep.get() >= Math.max(1, Math.min(BATCH, limit))
        && sweeping.compareAndSet(false, true)) {
      tenure.environment().execute(this::sweep);
    }
  }

  private void sweep() {
    try {
      count(sinceSweep.getAndSet(0));
      boolean deleted = true;
      while (kept > limit && deleted) {
        deleted = forget(Math.min(kept - limit, BATCH));
      }
    } catch (RuntimeException unavailable) {
      LOG.warn("ended jobs could not be forgotten; trying again later", unavailable);
      sinceCount = limit;
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
    if (sinceCount >= limit) {
      kept = book.countEnded();
      sinceCount = 0;
    }
  }

  /** Whether it did; not if the store refused, or somebody else was faster. */
  private boolean forget(int jobs) {
    List<Guard> guards = new ArrayList<>();
    guards.add(new Guard.LiveSession(tenure.epoch()));
    List<Write> deletions = new ArrayList<>();
    List<StateStore.Entry> oldest = book.oldestEnded(jobs);
    for (StateStore.Entry entry : oldest) {
      guards.add(new Guard.AtVersion(entry.key(), entry.version()));
      deletions.add(new Write.Delete(entry.key()));
      deletions.add(new Write.Delete(Keys.end(Keys.jobId(entry.key()))));
      book.readable(entry)
          .flatMap(Retention::idempotency)
          .ifPresent(key -> deletions.add(new Write.Delete(key)));
    }
    kept -= oldest.size();
    CommitResult result = tenure.settled(tenure.handIn(tenure.commit(guards, deletions)));
    if (!(result instanceof CommitResult.Committed)) {
      sinceCount = limit;
      return false;
    }
    return !oldest.isEmpty();
  }

  private static Optional<String> idempotency(JobRecord record) {
    return record.spec().idempotencyKey().map(key -> Keys.idempotency(record.id().userId(), key));
  }
}
