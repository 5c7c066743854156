package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Violations;
import java.util.Arrays;

/**
 * {@code median_probability}: the label with the largest median of the probabilities that the
 * models which voted on the row give it, so that a few extreme models move nothing; of an even
 * number the mean of the middle two. Where there are two labels and the job has a {@code
 * threshold}, the second is decided if its median is at or above it. The median is the confidence
 * (medians of more than two labels need not sum to 1); {@code minAgreement} is about the votes, as
 * with any method. Source: J. Kittler, M. Hatef, R. P. W. Duin, J. Matas, On combining classifiers,
 * IEEE Transactions on Pattern Analysis and Machine Intelligence 20 (1998), the median rule.
 * Thread-safe.
 */
public final class MedianProbability extends ProbabilityRule {

  /** For the service loader. */
  public MedianProbability() {
    super("median_probability");
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
  double combined(double[] probabilities, double[] weights) {
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    return CoordinateMedian.of(sorted);
  }
}
