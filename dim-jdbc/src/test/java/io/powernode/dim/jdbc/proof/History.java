package io.powernode.dim.jdbc.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What happened to each job, and what should not have happened. Thread-safe. */
final class History {
  private static final int SHOWN = 5;

  private final long started = System.nanoTime();
  private final Map<String, List<String>> events = new ConcurrentHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> faulty = new ArrayList<>();

  void add(String jobId, String event) {
    events.compute(
        jobId,
        (id, known) -> {
          List<String> all = known == null ? new ArrayList<>() : known;
          all.add((System.nanoTime() - started) / 1_000_000 + " ms: " + event);
          return all;
        });
  }

  synchronized void fault(String jobId, String fault) {
    add(jobId, "FAULT: " + fault);
    faults.add(jobId + ": " + fault);
    faulty.add(jobId);
  }

  /** Empty if every promise was kept; else what was not, and the history of the first jobs. */
  synchronized List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    faulty.stream()
        .distinct()
        .limit(SHOWN)
        .forEach(job -> all.add(job + "\n  " + String.join("\n  ", of(job))));
    return all;
  }

  private List<String> of(String jobId) {
    List<String> copy = new ArrayList<>();
    events.computeIfPresent(
        jobId,
        (id, known) -> {
          copy.addAll(known);
          return known;
        });
    return copy;
  }
}
