package io.powernode.dim.api;

/**
 * The closed list of reasons for which DIM refuses or fails something. The name of a constant is
 * what travels in JSON and over the wire, so constants are added but never renamed.
 */
public enum ErrorCode {
  /** The job specification has violations; all of them are listed. */
  INVALID_JOB(false),
  /** The option is part of the contract but not available in this build or combination. */
  UNSUPPORTED_OPTION(false),
  /** An argument outside a job specification is malformed or out of range. */
  INVALID_ARGUMENT(false),
  /** No such job, or it belongs to somebody else. */
  UNKNOWN_JOB(false),
  /** The model id is not registered. */
  UNKNOWN_MODEL(false),
  /** The node id is not registered. */
  UNKNOWN_NODE(false),
  /**
   * The request contradicts the current state: an idempotency key reused with another body, for
   * one.
   */
  CONFLICT(false),
  /** The caller may not do this. */
  FORBIDDEN(false),
  /** The job's estimate exceeds its own {@code maxCost}. */
  COST_LIMIT(false),
  /** A bounded queue is full; try again after the hinted delay. */
  OVERLOADED(true),
  /** The component is shutting down or its store cannot be reached. */
  UNAVAILABLE(true),
  /** No registered node meets the requirements; the message says which filter removed how many. */
  NO_ELIGIBLE_NODE(true),
  /** Fewer contributions than the quorum asks for. */
  QUORUM_NOT_MET(false),
  /** No decision could be made by the declared rules. */
  NO_CONSENSUS(false),
  /** The data owner's policy does not allow what the task asks for. */
  POLICY_DENIED(false),
  /** The node does not hold the named data cabinet, or it does not fit the task. */
  DATA_UNAVAILABLE(false),
  /** Rows that an earlier task left on a node are gone: it restarted, or had them for too long. */
  ROWS_LOST(false),
  /** The data in a cabinet or input does not fit its declared schema or the model. */
  INVALID_DATA(false),
  /** The model file is missing, damaged, refused, or its digest differs from the pinned one. */
  MODEL_INVALID(false),
  /** No loader on the node can run the model's format. */
  MODEL_UNSUPPORTED(false),
  /** The model ran and failed. */
  INFERENCE_FAILED(false),
  /** The node was lost or did not answer. */
  NODE_LOST(true),
  /** A task did not finish in its time. */
  TASK_TIMEOUT(true),
  /** The job did not finish in its time. */
  JOB_TIMEOUT(false),
  /** The job or task was cancelled. */
  CANCELLED(false),
  /** The caller's epoch is older than one already seen: another orchestrator owns the job. */
  FENCED(false),
  /** A step failed, and at least one of the compensations for earlier steps failed as well. */
  COMPENSATION_FAILED(false),
  /** A pattern engine asked for something else than its journal has, or broke the SPI's rules. */
  ENGINE_FAULT(false),
  /** The orchestrator died several times while it ran the job, which is not run again. */
  QUARANTINED(false),
  /** A review did not arrive in its time and the job declared that this fails it. */
  REVIEW_TIMEOUT(false),
  /** A defect: nothing the caller did explains it. */
  INTERNAL(false);

  private final boolean retryable;

  ErrorCode(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether trying the same again may succeed, unless the error itself says otherwise. */
  public boolean retryable() {
    return retryable;
  }
}
