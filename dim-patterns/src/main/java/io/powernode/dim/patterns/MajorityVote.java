package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Violations;
import java.util.Arrays;

/**
 * {@code majority_vote}: one model, one vote; the label with the most votes of those that voted on
 * the row is decided, if its share reaches {@code minAgreement}. Thread-safe.
 */
public final class MajorityVote extends VotingRule {

  /** For the service loader. */
  public MajorityVote() {
    super("majority_vote");
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    super.validate(consensus, violations);
    violations.require(
        consensus.weights().isEmpty(),
        "weights",
        "are not used by majority_vote",
        "left out, or the method weighted_vote");
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    double[] weights = new double[ballots.ballots().size()];
    Arrays.fill(weights, 1);
    return weights;
  }
}
