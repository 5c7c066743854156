package io.powernode.dim.benchmarks;

import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.spi.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one job writes into a store, commit by commit, so that the same can be written without DIM.
 *
 * @param jobId the job, whose id is in the keys
 * @param commits in order
 */
record JobRows(String jobId, List<Part> commits) {

  JobRows {
    commits = List.copyOf(commits);
  }

  /**
   * The rows of one commit.
   *
   * @param puts entries that are there afterwards, by key, and with what
   * @param deletes keys of entries that are not there any more
   * @param listed lines of indexes that are added
   * @param unlisted lines of indexes that are removed
   * @param change the line of the log of changes
   */
  record Part(
      Map<String, byte[]> puts,
      List<String> deletes,
      List<String> listed,
      List<String> unlisted,
      String change) {

    long bytes() {
      long bytes = change.length();
      for (Map.Entry<String, byte[]> put : puts.entrySet()) {
        bytes += put.getKey().length() + put.getValue().length;
      }
      return bytes + listed.stream().mapToLong(String::length).sum();
    }
  }

  /** Watches a chain of three steps on a store of that kind. */
  static JobRows ofChain(String kind) throws IOException {
    try (Database database = Database.open(kind);
        JdbcStateStore store = database.store()) {
      RecordingStore recording = RecordingStore.of(store);
      try (ChainHost host = ChainHost.on(recording, "orchestrator")) {
        host.warmUp();
        recording.commits().clear();
        String jobId = host.run().jobId();
        return of(jobId, List.copyOf(recording.commits()));
      }
    }
  }

  private static JobRows of(String jobId, List<Commit> commits) {
    Map<String, Map<String, String>> indexes = new HashMap<>();
    List<Part> parts = new ArrayList<>();
    for (Commit commit : commits) {
      parts.add(part(commit, indexes));
    }
    return new JobRows(jobId, parts);
  }

  private static Part part(Commit commit, Map<String, Map<String, String>> indexes) {
    Map<String, byte[]> puts = new HashMap<>();
    List<String> deletes = new ArrayList<>();
    List<String> listed = new ArrayList<>();
    List<String> unlisted = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (Commit.Write write : commit.writes()) {
      String key = write.key();
      keys.add(key);
      Map<String, String> old = indexes.getOrDefault(key, Map.of());
      Map<String, String> now = Map.of();
      if (write instanceof Commit.Write.Put put) {
        now = put.indexes();
        byte[] value = put.value().bytes();
        puts.put(key, value);
        indexes.put(key, now);
      } else if (indexes.remove(key) != null) {
        deletes.add(key);
      }
      listed.addAll(lines(now, old, key));
      unlisted.addAll(lines(old, now, key));
    }
    return new Part(puts, deletes, listed, unlisted, String.join("\n", keys));
  }

  /** The lines of some indexes without those that others have too. */
  private static List<String> lines(
      Map<String, String> some, Map<String, String> others, String key) {
    return some.entrySet().stream()
        .filter(index -> !index.getValue().equals(others.get(index.getKey())))
        .map(index -> index.getKey() + "/" + index.getValue() + "/" + key)
        .toList();
  }

  /** How many bytes it writes in all. */
  long bytes() {
    return commits.stream().mapToLong(Part::bytes).sum();
  }
}
