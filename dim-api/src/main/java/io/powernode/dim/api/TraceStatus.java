package io.powernode.dim.api;

/** What became of a step. */
public enum TraceStatus {
  /** It answered. */
  DONE,
  /**
   * It did not run: its condition did not hold, no row was to go through it, or it reads a step
   * that was skipped.
   */
  SKIPPED,
  /** It failed. */
  FAILED,
  /** It was undone. */
  ROLLED_BACK,
  /** It was to be undone, and that failed. */
  ROLLBACK_FAILED
}
