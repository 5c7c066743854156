package io.powernode.dim.inference;

/**
 * What the trial of a loaded model found out about running requests together.
 *
 * @param modelId the model
 * @param verdict whether its requests run together, or else why not
 * @param speedup how many times as fast eight rows were together as one by one; 0 where the trial
 *     did not come that far
 * @param bitIdentical whether each of the trial's rows had the same bits in every company; false
 *     where the trial did not come that far
 */
public record BatchingTrial(String modelId, Verdict verdict, double speedup, boolean bitIdentical) {

  /** Whether requests run together. */
  public enum Verdict {
    /** They do. */
    PAYS,
    /** An input or output is not numbers, or has no open first dimension, or too many open ones. */
    NO_BATCH_DIMENSION,
    /** The model fails on the trial's numbers, or does not answer a row for each row. */
    TRIAL_FAILED,
    /** A row's answer depends on the rows beside it. */
    ROWS_DEPEND,
    /** A run takes so long that waiting for others would be felt. */
    TOO_SLOW,
    /** It is hardly faster. */
    DOES_NOT_PAY
  }

  /** Whether requests run together. */
  public boolean pays() {
    return verdict == Verdict.PAYS;
  }
}
