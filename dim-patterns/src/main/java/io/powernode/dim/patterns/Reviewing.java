package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.ReviewRequest.Item;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What an expert is asked about the decisions, and what becomes of the answer. */
final class Reviewing {
  private final Ballots ballots;
  private final Consensus consensus;
  private final List<Decision> decisions;
  private final List<Integer> disputed;

  Reviewing(Ballots ballots, ConsensusRule rule, Consensus consensus, List<Decision> decisions) {
    this.ballots = ballots;
    this.consensus = consensus;
    this.decisions = decisions;
    this.disputed =
        IntStream.range(0, decisions.size())
            .filter(row -> isDisputed(rule, consensus, decisions.get(row)))
            .boxed()
            .toList();
  }

  private static boolean isDisputed(ConsensusRule rule, Consensus consensus, Decision decision) {
    boolean tied = decision.status() == DecisionStatus.TIE && consensus.tie() == TieRule.EXPERT;
    return tied || rule.needsReview(decision, consensus);
  }

  /** The request; empty if nothing is disputed, or there are no classes to choose from. */
  Optional<ReviewRequest> request() {
    if (disputed.isEmpty() || ballots.labels().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ReviewRequest(
            ballots.labels(),
            disputed.stream().map(this::item).toList(),
            consensus.reviewTimeout()));
  }

  private Item item(int row) {
    Map<String, String> votes = new HashMap<>();
    for (Ballot ballot : ballots.ballots()) {
      if (ballot.vote(row) != Ballot.ABSTAIN) {
        votes.put(ballot.modelId(), ballots.labels().get(ballot.vote(row)));
      }
    }
    return new Item(ballots.rows().get(row), votes, decisions.get(row).agreement());
  }

  /** How many rows the expert decides. */
  int rows() {
    return disputed.size();
  }

  /** The decisions with the disputed rows as the expert decided them. */
  List<Decision> decided(Review review, double[] weights) {
    Tally tally = new Tally(ballots, weights, consensus);
    Map<String, Integer> indexes = Positions.of(ballots.labels());
    List<Decision> decided = new ArrayList<>(decisions);
    for (int row : disputed) {
      Decision open = decisions.get(row);
      Integer label = indexes.get(review.decisions().getOrDefault(open.row(), ""));
      if (label == null) {
        throw new DimException(
            ErrorCode.INVALID_ARGUMENT,
            "review: a requested row has no decision among the requested labels");
      }
      decided.set(
          row,
          new Decision(
              open.row(),
              Optional.of(ballots.labels().get(label)),
              open.agreement(),
              tally.confidence(row, label),
              DecisionStatus.REVIEWED));
    }
    return decided;
  }
}
