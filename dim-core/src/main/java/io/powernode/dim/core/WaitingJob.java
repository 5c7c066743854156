package io.powernode.dim.core;

import io.powernode.dim.api.Priority;

/**
 * A job that waits for a slot.
 *
 * @param since when it came, in the environment's nanoseconds
 */
record WaitingJob(String jobId, String userId, Priority priority, long since) {
  /** When it would have come if its priority were the lowest: the earlier, the sooner it runs. */
  long rank() {
    return since - priority.ordinal() * AdmissionQueue.AGEING.toNanos();
  }
}
