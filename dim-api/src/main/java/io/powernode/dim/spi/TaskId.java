package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;

/**
 * The identity of a step's attempt. A node keeps a finished answer under it until it is
 * acknowledged; the same identity gets the kept answer, anything else runs.
 *
 * @param jobId the job
 * @param step the step's full key in the job
 * @param attempt from 1
 * @param inputDigest of all that is asked for: what to run, where, on what input, and what may
 *     leave
 */
public record TaskId(String jobId, String step, int attempt, Digest inputDigest) {
  /** The key under which an effect happens at most once: the same for every attempt of the step. */
  public String idempotencyKey() {
    return idempotencyKeyOf(step);
  }

  /** That key of a step of the same job. */
  public String idempotencyKeyOf(String otherStep) {
    return jobId + "/" + otherStep;
  }
}
