package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;

/**
 * {@code weighted_mean}: as {@code mean}, but a model weighs what the job's {@code weights} say,
 * and one without a weight the reputation of the node that ran it. The agreement is the share of
 * the weight that agrees. Options and abstentions are those of {@link MeanNumber}. Thread-safe.
 */
public final class WeightedMeanNumber extends NumberRule {

  /** For the service loader. */
  public WeightedMeanNumber() {
    super("weighted_mean");
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return givenOrReputation(ballots, consensus);
  }

  @Override
  double combined(double[] numbers, double[] shares) {
    return MeanNumber.weighted(numbers, shares);
  }
}
