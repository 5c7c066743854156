package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the highest epoch seen for each of the jobs heard of last, and refuses a lower one.
 * Thread-safe.
 */
final class EpochFence {
  private final Map<String, Long> epochs;

  EpochFence(int maxJobs) {
    epochs =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > maxJobs;
          }
        };
  }

  /** The highest epoch seen for a job; 0 if none is remembered. */
  synchronized long highest(String jobId) {
    return epochs.getOrDefault(jobId, 0L);
  }

  /** Remembers an epoch; false if it is lower than one seen. */
  synchronized boolean see(String jobId, long epoch) {
    return epochs.merge(jobId, epoch, Math::max) == epoch;
  }

  void pass(String jobId, long epoch) {
    if (!see(jobId, epoch)) {
      throw new DimException(
          ErrorCode.FENCED, "another orchestrator owns the job since; allowed: its epoch or later");
    }
  }
}
