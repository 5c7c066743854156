package io.powernode.dim.api;

/** What a pipeline does when a step failed. */
public enum OnFailure {
  /** The rollbacks of what was done run in reverse, and the job fails. */
  FAIL_FAST,
  /** The rollbacks run in reverse, and the pipeline starts again, a bounded number of times. */
  ROLLBACK_AND_RETRY
}
