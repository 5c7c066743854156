package io.powernode.dim.core;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The waiting jobs of one priority: users take turns, each one's jobs go in order of arrival. A
 * user who comes, or had a turn, is behind all others. Constant time. Not thread-safe.
 */
final class TurnTaking {
  private final LinkedHashMap<String, LinkedHashMap<String, WaitingJob>> turns =
      new LinkedHashMap<>();

  /** A job comes. */
  void add(WaitingJob job) {
    turns.computeIfAbsent(job.userId(), user -> new LinkedHashMap<>()).put(job.jobId(), job);
  }

  /** The job whose turn it is; null if none waits. */
  @Nullable WaitingJob peek() {
    return turns.isEmpty() ? null : first(first(turns));
  }

  /** A job goes without having had its turn. */
  void remove(WaitingJob job) {
    turns.computeIfPresent(
        job.userId(),
        (user, jobs) -> {
          jobs.remove(job.jobId());
          return jobs.isEmpty() ? null : jobs;
        });
  }

  /** The job that {@link #peek} answered goes: the turn passes on. */
  void took(WaitingJob job) {
    remove(job);
    LinkedHashMap<String, WaitingJob> rest = turns.remove(job.userId());
    if (rest != null) {
      turns.put(job.userId(), rest);
    }
  }

  private static <V> V first(Map<String, V> map) {
    return map.values().iterator().next();
  }
}
