package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The host's world, in which actions take effect once for each idempotency key, whoever asks: it
 * outlives every process. Thread-safe.
 */
final class World {
  private static final String UNDO = "/undo";

  private final History history;
  private final Map<String, Map<String, String>> applied = new HashMap<>();
  private int effects;
  private int undone;

  World(History history) {
    this.history = history;
  }

  /** Lets an action take effect, unless it did so under that key before. */
  synchronized void act(String jobId, String key, String action) {
    Map<String, String> ofJob = applied.computeIfAbsent(jobId, id -> new LinkedHashMap<>());
    String before = ofJob.putIfAbsent(key, action);
    if (before != null) {
      history.add(jobId, action + " under " + key + " has had its effect already");
      if (!before.equals(action)) {
        history.fault(jobId, key + " is used for " + before + " and for " + action);
      }
      return;
    }
    history.add(jobId, action + " takes effect under " + key);
    if (key.endsWith(UNDO)) {
      undone++;
    } else {
      effects++;
      if (ofJob.containsKey(key + UNDO)) {
        history.fault(jobId, key + " takes effect after it was undone");
      }
    }
  }

  /** Compares what is left of a job's effects with how it ended. */
  synchronized void audit(String jobId, JobState state, String error, long actions) {
    Map<String, String> ofJob = applied.getOrDefault(jobId, Map.of());
    long left =
        ofJob.keySet().stream()
            .filter(key -> !key.endsWith(UNDO) && !ofJob.containsKey(key + UNDO))
            .count();
    long expected = state == JobState.COMPLETED ? actions : 0;
    if (left != expected && !error.equals(ErrorCode.COMPENSATION_FAILED.name())) {
      history.fault(jobId, left + " effects are left instead of " + expected + ": " + ofJob);
    }
  }

  synchronized int effects() {
    return effects;
  }

  synchronized int undone() {
    return undone;
  }
}
