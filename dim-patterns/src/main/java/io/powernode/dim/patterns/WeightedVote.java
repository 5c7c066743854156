package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;

/**
 * {@code weighted_vote}: a model's vote weighs what the job's {@code weights} say, for a model
 * without one the reputation of the node that ran it; the label with the most weight is decided, if
 * its share of the weight that voted on the row reaches {@code minAgreement}. A model without any
 * weight of its own, on a node without any reputation, weighs as little as a number above 0 can.
 * Thread-safe.
 */
public final class WeightedVote extends VotingRule {

  /** For the service loader. */
  public WeightedVote() {
    super("weighted_vote");
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return ballots.ballots().stream()
        .mapToDouble(
            ballot -> given(consensus, ballot, Math.max(ballot.reputation(), Double.MIN_NORMAL)))
        .toArray();
  }
}
