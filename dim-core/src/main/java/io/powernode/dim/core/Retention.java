package io.powernode.dim.core;

import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Forgets ended jobs, the longest ended first, once there are more than a limit. Looks at the store
 * only now and then, and deletes in small batches. Thread-safe.
 */
final class Retention {
  private static final int BATCH = 100;

  private final Tenure tenure;
  private final JobBook book;
  private final int limit;
  private final AtomicInteger sinceSweep = new AtomicInteger();

  /**
   * A retention.
   *
   * @param limit how many ended jobs to keep, 0 or more
   */
  Retention(Tenure tenure, JobBook book, int limit) {
    this.tenure = tenure;
    this.book = book;
    this.limit = limit;
  }

  /** A job ended. */
  void ended() {
    if (sinceSweep.incrementAndGet() >= Math.max(1, Math.min(BATCH, limit))) {
      sinceSweep.set(0);
      tenure.environment().execute(this::sweep);
    }
  }

  private void sweep() {
    for (int excess = count() - limit; excess > 0; excess -= BATCH) {
      forget(Math.min(excess, BATCH));
    }
  }

  private int count() {
    int count = 0;
    Optional<String> after = Optional.empty();
    do {
      StateStore.Page page = book.store().scan(Keys.JOBS_BY_END, "", after, 1_000);
      count += page.entries().size();
      after = page.next();
    } while (after.isPresent());
    return count;
  }

  private void forget(int jobs) {
    StateStore.Page oldest = book.store().scan(Keys.JOBS_BY_END, "", Optional.empty(), jobs);
    List<Write> deletions = new ArrayList<>();
    for (StateStore.Entry entry : oldest.entries()) {
      JobRecord record = Stored.read(JobRecord.class, entry.value(), book.json());
      deletions.add(new Write.Delete(entry.key()));
      deletions.add(new Write.Delete(Keys.end(record.jobId())));
      record
          .spec()
          .idempotencyKey()
          .ifPresent(
              key -> deletions.add(new Write.Delete(Keys.idempotency(record.id().userId(), key))));
    }
    book.store().commit(tenure.commit(List.of(new Guard.LiveSession(tenure.epoch())), deletions));
  }
}
