package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;

/**
 * {@code mean_probability}: the label with the largest mean of the probabilities that the models
 * which voted on the row give it, weighted by the job's {@code weights}, 1 for a model without one.
 * Where there are two labels and the job has a {@code threshold}, the second is decided if its mean
 * is at or above it. The mean is the confidence; {@code minAgreement} is about the votes, as with
 * any method. Source: J. Kittler, M. Hatef, R. P. W. Duin, J. Matas, On combining classifiers, IEEE
 * Transactions on Pattern Analysis and Machine Intelligence 20 (1998), the sum rule. Thread-safe.
 */
public final class MeanProbability extends ProbabilityRule {

  /** For the service loader. */
  public MeanProbability() {
    super("mean_probability");
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return givenOrOne(ballots, consensus);
  }

  @Override
  double combined(double[] probabilities, double[] weights) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < probabilities.length; i++) {
      sum += weights[i] * probabilities[i];
      total += weights[i];
    }
    return sum / total;
  }
}
