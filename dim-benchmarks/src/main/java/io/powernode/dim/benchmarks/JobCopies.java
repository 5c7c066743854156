package io.powernode.dim.benchmarks;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/**
 * Fills a store with copies of a job's entries, under other ids and as if each was submitted a
 * moment before the one before it.
 *
 * @param jobId the job
 * @param entries what the store has of it
 */
record JobCopies(String jobId, List<Write.Put> entries) {
  private static final int JOBS_IN_COMMIT = 200;
  private static final int COMMITS_UNDER_WAY = 16;
  private static final int DIGITS = 19;

  /** What is left of a job after some commits. */
  static JobCopies of(String jobId, List<Commit> commits) {
    Map<String, Write.Put> left = new LinkedHashMap<>();
    for (Commit commit : commits) {
      for (Write write : commit.writes()) {
        if (write instanceof Write.Put put && put.key().contains(jobId)) {
          left.put(put.key(), put);
        } else {
          left.remove(write.key());
        }
      }
    }
    return new JobCopies(jobId, List.copyOf(left.values()));
  }

  /** Whether some index has it as running. */
  boolean isRunning() {
    return entries.stream()
        .flatMap(entry -> entry.indexes().values().stream())
        .anyMatch(key -> key.startsWith("running/"));
  }

  /** Adds so many; returns when all are durable. */
  void fill(StateStore store, int jobs) {
    Queue<CompletionStage<CommitResult>> underWay = new ArrayDeque<>();
    for (int from = 0; from < jobs; from += JOBS_IN_COMMIT) {
      List<Write> writes = new ArrayList<>();
      for (int job = from; job < Math.min(jobs, from + JOBS_IN_COMMIT); job++) {
        // Spread over the table as random ids are.
        String id = String.format(Locale.ROOT, "job-%024x", (job + 1) * 0x9E3779B97F4A7C15L);
        for (Write.Put entry : entries) {
          writes.add(copy(entry, id, job));
        }
      }
      underWay.add(store.commit(new Commit("fill", "fill-" + from, List.of(), writes)));
      if (underWay.size() == COMMITS_UNDER_WAY) {
        requireCommitted(underWay.remove());
      }
    }
    underWay.forEach(JobCopies::requireCommitted);
  }

  private static void requireCommitted(CompletionStage<CommitResult> commit) {
    CommitResult result = commit.toCompletableFuture().join();
    if (!(result instanceof CommitResult.Committed)) {
      throw new IllegalStateException("the store cannot be filled: " + result);
    }
  }

  private Write copy(Write.Put entry, String id, int earlier) {
    String value = new String(entry.value().bytes(), StandardCharsets.UTF_8);
    Map<String, String> indexes = new LinkedHashMap<>();
    entry.indexes().forEach((index, key) -> indexes.put(index, earlier(key, earlier)));
    return new Write.Put(
        entry.key().replace(jobId, id),
        StoredValue.of(value.replace(jobId, id).getBytes(StandardCharsets.UTF_8)),
        indexes);
  }

  /** An index key ends with a time, or with the largest number minus a time. */
  private static String earlier(String key, int millis) {
    int end = key.length() - DIGITS;
    long time = Long.parseLong(key.substring(end));
    long shifted = time > Long.MAX_VALUE / 2 ? time + millis : time - millis;
    return key.substring(0, end) + String.format(Locale.ROOT, "%019d", shifted);
  }
}
