package io.powernode.dim.core;

import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes ended jobs from the store, with everything that is kept for them: the record and the
 * result, the idempotency key, and what is left of a journal and of what was asked for them.
 * Thread-safe.
 */
record JobRemoval(Tenure tenure, JobBook book) {
  private static final int MOST_WRITES = 500;

  /**
   * Removes some jobs.
   *
   * @param ended their records as they were read, readable or not
   * @return whether it did; not if the store refused, or somebody else was faster
   */
  boolean remove(List<StateStore.Entry> ended) {
    if (ended.isEmpty()) {
      return false;
    }
    List<Guard> guards = new ArrayList<>();
    List<Write> journals = new ArrayList<>();
    List<Write> deletions = new ArrayList<>();
    Set<String> jobIds = new HashSet<>();
    for (StateStore.Entry entry : ended) {
      String jobId = Keys.jobId(entry.key());
      journals.addAll(book.journalDeletions(jobId));
      guards.add(new Guard.AtVersion(entry.key(), entry.version()));
      deletions.add(new Write.Delete(entry.key()));
      deletions.add(new Write.Delete(Keys.end(jobId)));
      jobIds.add(jobId);
      book.readable(entry)
          .flatMap(record -> record.spec().idempotencyKey().map(key -> idempotency(record, key)))
          .ifPresent(deletions::add);
    }
    book.intentDeletions().stream()
        .filter(write -> jobIds.contains(Keys.jobOfIntent(write.key())))
        .forEach(deletions::add);
    return areRemoved(journals) && isCommitted(guards, deletions);
  }

  private static Write idempotency(JobRecord record, String key) {
    return new Write.Delete(Keys.idempotency(record.id().userId(), key));
  }

  private boolean areRemoved(List<Write> deletions) {
    for (int from = 0; from < deletions.size(); from += MOST_WRITES) {
      int to = Math.min(deletions.size(), from + MOST_WRITES);
      if (!isCommitted(List.of(), deletions.subList(from, to))) {
        return false;
      }
    }
    return true;
  }

  private boolean isCommitted(List<Guard> guards, List<Write> writes) {
    List<Guard> all = new ArrayList<>(guards);
    all.add(new Guard.LiveSession(tenure.epoch()));
    return tenure.settled(tenure.handIn(tenure.commit(all, writes)))
        instanceof CommitResult.Committed;
  }
}
