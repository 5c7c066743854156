package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Violations;

/**
 * {@code expert_review}: models vote by the job's {@code weights}, one vote each where it gives
 * none; a person decides every row on which the agreement is below {@code minAgreement}, which must
 * be given, and every row that is tied or on which no model voted. Thread-safe.
 */
public final class ExpertReview extends VotingRule {

  /** For the service loader. */
  public ExpertReview() {
    super("expert_review");
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    super.validate(consensus, violations);
    violations.require(
        consensus.minAgreement().isPresent(),
        "minAgreement",
        "is missing, so it is open what the expert decides",
        "0 to 1: rows with less agreement are reviewed");
  }

  @Override
  boolean asksExperts() {
    return true;
  }

  @Override
  public boolean needsReview(Decision decision, Consensus consensus) {
    return decision.status() != DecisionStatus.REACHED;
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    return givenOrOne(ballots, consensus);
  }
}
