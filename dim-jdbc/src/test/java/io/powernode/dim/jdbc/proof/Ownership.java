package io.powernode.dim.jdbc.proof;

import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which process writes which job, how long a job was without one, and what a process tried when it
 * had lost its session. Thread-safe.
 */
final class Ownership {
  private final History history;
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, Long> lost = new HashMap<>();
  private final List<Long> takeOverMillis = new ArrayList<>();
  private final Map<Long, Long> endedAt = new HashMap<>();
  private int refusals;

  Ownership(History history) {
    this.history = history;
  }

  /**
   * A commit took effect.
   *
   * @param handedIn when, on the machine's monotonic clock, which all processes share
   */
  synchronized void written(String process, long epoch, long handedIn, String key) {
    Long ended = endedAt.get(epoch);
    if (ended != null && handedIn - ended > 0) {
      history.fault(key, process + " wrote it in epoch " + epoch + ", which had ended");
    }
    if (key.startsWith("end/")) {
      String job = key.substring("end/".length());
      owners.remove(job);
      lost.remove(job);
    } else if (key.startsWith("job/")) {
      own(process, key.substring("job/".length()));
    }
  }

  private void own(String process, String job) {
    String before = owners.put(job, process);
    Long since = process.equals(before) ? null : lost.remove(job);
    if (since != null) {
      takeOverMillis.add((System.nanoTime() - since) / 1_000_000);
      history.add(job, process + " took it over from " + before);
    }
  }

  /** A commit was refused because its session had ended. */
  synchronized void refused(String process, long epoch) {
    refusals++;
    history.add("process " + process, "refused in epoch " + epoch);
    ended(epoch);
  }

  /** A session has ended: what is handed in from now on may not take effect. */
  synchronized void ended(long epoch) {
    endedAt.putIfAbsent(epoch, System.nanoTime());
  }

  /** A process was killed or stopped: its jobs wait for another. */
  synchronized void gone(String process) {
    long now = System.nanoTime();
    owners.forEach(
        (job, owner) -> {
          if (owner.equals(process)) {
            lost.putIfAbsent(job, now);
          }
        });
  }

  /**
   * The jobs of processes that are gone which nobody has taken over yet.
   *
   * @param store tells which of them had ended before, unheard
   */
  synchronized Set<String> orphans(StateStore store) {
    lost.keySet().removeIf(job -> store.get("end/" + job).isPresent());
    return Set.copyOf(lost.keySet());
  }

  /** How many commits were refused because their session had ended. */
  synchronized int refusals() {
    return refusals;
  }

  /** How long jobs were without an owner, shortest first. */
  synchronized List<Long> takeOverMillis() {
    return takeOverMillis.stream().sorted().toList();
  }
}
