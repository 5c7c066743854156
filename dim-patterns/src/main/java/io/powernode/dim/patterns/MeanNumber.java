package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Violations;

/**
 * {@code mean}: the mean of the numbers that regressions give for a row, one as good as the other.
 * At least one of the options {@code absoluteTolerance} and {@code relativeTolerance} must be
 * given: a number agrees that is no further from the mean than the first, or than the second times
 * the mean. Where less than {@code minAgreement} of the models agree (all of them, unless given),
 * the row has no value. A model without a finite number for a row abstains there. Thread-safe.
 */
public final class MeanNumber extends NumberRule {

  /** For the service loader. */
  public MeanNumber() {
    super("mean");
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    super.validate(consensus, violations);
    requireNoWeights(consensus, violations);
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return equal(ballots);
  }

  @Override
  double combined(double[] numbers, double[] shares) {
    return weighted(numbers, shares);
  }

  static double weighted(double[] numbers, double[] shares) {
    CompensatedSums sum = new CompensatedSums(1);
    for (int i = 0; i < numbers.length; i++) {
      sum.add(0, shares[i] * numbers[i]);
    }
    return sum.get(0);
  }
}
