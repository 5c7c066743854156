package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Violations;
import java.util.Arrays;

/**
 * {@code median}: the median of the numbers that regressions give for a row, of an even number of
 * them the mean of the middle two, so that a few extreme models move it little. With a {@code
 * minAgreement} below 1 it outvotes them. Options and abstentions are those of {@link MeanNumber}.
 * Thread-safe.
 */
public final class MedianNumber extends NumberRule {

  /** For the service loader. */
  public MedianNumber() {
    super("median");
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
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return CoordinateMedian.of(sorted);
  }
}
