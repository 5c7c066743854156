package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Violations;

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
    requireNoWeights(consensus, violations);
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return equal(ballots);
  }
}
