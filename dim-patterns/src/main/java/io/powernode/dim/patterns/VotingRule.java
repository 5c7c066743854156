package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConsensusRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What our rules have in common; unless they say otherwise, they count one label a model and row.
 */
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
    consensus.options().allowOnly(violations, options());
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

  /** The names of the options that the rule heeds. */
  Set<String> options() {
    return Set.of(Consensus.CALIBRATION, Consensus.MIN_CONFIDENCE);
  }

  /** Whether other rows than tied ones may go to an expert. */
  boolean asksExperts() {
    return false;
  }

  @Override
  public List<Decision> decide(Ballots ballots, Consensus consensus) {
    return new Tally(ballots, weights(ballots, consensus), consensus).decisions();
  }

  final void requireNoWeights(Consensus consensus, Violations violations) {
    violations.require(
        consensus.weights().isEmpty(),
        "weights",
        "are not used by " + name,
        "left out, or a method that weighs");
  }

  static double[] equal(Ballots ballots) {
    double[] weights = new double[ballots.ballots().size()];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** Each model's given weight, else its node's reputation, or next to nothing without one. */
  static double[] givenOrReputation(Ballots ballots, Consensus consensus) {
    return ballots.ballots().stream()
        .mapToDouble(b -> given(consensus, b, Math.max(b.reputation(), Double.MIN_NORMAL)))
        .toArray();
  }

  /** Each model's given weight, else 1. */
  static double[] givenOrOne(Ballots ballots, Consensus consensus) {
    return ballots.ballots().stream().mapToDouble(b -> given(consensus, b, 1)).toArray();
  }

  /** A model's given weight, else {@code fallback}. */
  static double given(Consensus consensus, Ballot ballot, double fallback) {
    return consensus.weights().getOrDefault(ballot.modelId(), fallback);
  }
}
