package io.powernode.dim.api;

/** What happens when a review does not arrive in time. */
public enum ReviewTimeoutRule {
  /** The disputed rows stay without a label and the job completes. */
  UNRESOLVED,
  /** The job fails with {@link ErrorCode#REVIEW_TIMEOUT}. */
  FAIL
}
