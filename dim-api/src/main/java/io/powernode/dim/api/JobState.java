package io.powernode.dim.api;

/** The states of a job. The last three are terminal and never change. */
public enum JobState {
  /** Accepted, durable as far as the store is, and waiting for its turn. */
  PENDING,
  /** An engine is running it. */
  RUNNING,
  /** Waiting for a person; holds neither thread nor job slot, and its time does not run. */
  AWAITING_REVIEW,
  /** Ended with a result. */
  COMPLETED,
  /** Ended with an error. */
  FAILED,
  /** Ended because somebody asked for it. */
  CANCELLED;

  /** Whether the job has ended. */
  public boolean isTerminal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
