package io.powernode.dim.api;

/** What became of a step. */
public enum TraceStatus {
  /** It answered. */
  DONE,
  /** Its condition did not hold. */
  SKIPPED,
  /** It failed. */
  FAILED,
  /** It was undone. */
  ROLLED_BACK,
  /** It was to be undone, and that failed. */
  ROLLBACK_FAILED
}
