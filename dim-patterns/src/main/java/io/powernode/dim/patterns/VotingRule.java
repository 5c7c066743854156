package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConsensusRule;
import java.util.List;
import java.util.Set;

/** What rules that count one label a model and row have in common. */
abstract class VotingRule implements ConsensusRule {
  private final String name;

  VotingRule(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    consensus.options().allowOnly(violations, Set.of());
    boolean reviewed = consensus.tie() == TieRule.EXPERT || asksExperts();
    violations.require(
        reviewed || consensus.reviewTimeout().isEmpty(),
        "reviewTimeout",
        "is given, but nobody is asked",
        "left out, or the tie rule expert, or the method expert_review");
    violations.require(
        consensus.reviewTimeout().isPresent()
            || consensus.onReviewTimeout() == ReviewTimeoutRule.UNRESOLVED,
        "onReviewTimeout",
        "is given without a reviewTimeout",
        "left out, or a reviewTimeout beside it");
  }

  /** Whether other rows than tied ones may go to an expert. */
  boolean asksExperts() {
    return false;
  }

  @Override
  public final List<Decision> decide(Ballots ballots, Consensus consensus) {
    return new Tally(ballots, weights(ballots, consensus), consensus).decisions();
  }

  /** A model's given weight, else {@code fallback}. */
  static double given(Consensus consensus, Ballot ballot, double fallback) {
    return consensus.weights().getOrDefault(ballot.modelId(), fallback);
  }
}
