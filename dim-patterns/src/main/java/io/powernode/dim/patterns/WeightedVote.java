package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import java.util.Set;

/**
 * {@code weighted_vote}: a model's vote weighs what the job's {@code weights} say, or what was
 * learned from the rows of the option {@code goldCabinet}, whose labels are known (see {@link
 * Consensus#GOLD_CABINET}); for a model without a weight the reputation of the node that ran it;
 * the label with the most weight is decided, if its share of the weight that voted on the row
 * reaches {@code minAgreement}. A model without any weight of its own, on a node without any
 * reputation, weighs as little as a number above 0 can. Thread-safe.
 */
public final class WeightedVote extends VotingRule {

  /** For the service loader. */
  public WeightedVote() {
    super("weighted_vote");
  }

  @Override
  Set<String> options() {
    return Set.of(Consensus.CALIBRATION, Consensus.GOLD_CABINET, Consensus.MIN_CONFIDENCE);
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return givenOrReputation(ballots, consensus);
  }
}
