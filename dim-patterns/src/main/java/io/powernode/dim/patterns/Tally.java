package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Counts weighted votes row by row, in the declared order of the models. Shares are compared with a
 * tolerance of 1e-9, so that neither a tie nor the least agreement hangs on rounding. Not
 * thread-safe.
 */
final class Tally {
  private static final double TOLERANCE = 1e-9;

  private final Ballots ballots;
  private final double[] weights;
  private final double minAgreement;
  private final TieRule tie;
  private final double[] votes;

  Tally(Ballots ballots, double[] weights, Consensus consensus) {
    this.ballots = ballots;
    this.weights = addable(weights);
    this.minAgreement = consensus.minAgreement().orElse(0.0);
    this.tie = consensus.tie();
    this.votes = new double[ballots.labels().size()];
  }

  /** Only shares matter; scaled weights of any finite size can be added, and none may vanish. */
  static double[] addable(double[] weights) {
    return Arrays.stream(Partials.scaled(weights))
        .map(weight -> Math.max(weight, Double.MIN_NORMAL))
        .toArray();
  }

  List<Decision> decisions() {
    return IntStream.range(0, ballots.rows().size()).mapToObj(this::decide).toList();
  }

  private Decision decide(int row) {
    double total = count(row);
    if (total == 0) {
      return decision(row, Optional.empty(), 0, DecisionStatus.ABSTAINED);
    }
    int leader = leader(row);
    double agreement = votes[leader] / total;
    if (isTied(row, leader, total)) {
      if (tie != TieRule.FIRST) {
        return decision(row, Optional.empty(), agreement, DecisionStatus.TIE);
      }
      leader = firstTied(row, leader, total);
    }
    return agreement < minAgreement - TOLERANCE
        ? decision(row, Optional.empty(), agreement, DecisionStatus.BELOW_AGREEMENT)
        : decision(row, Optional.of(leader), agreement, DecisionStatus.REACHED);
  }

  /** Fills in the weight behind each label that has a vote on the row, and returns their sum. */
  private double count(int row) {
    double total = 0;
    for (Ballot ballot : ballots.ballots()) {
      if (ballot.vote(row) != Ballot.ABSTAIN) {
        votes[ballot.vote(row)] = 0;
      }
    }
    for (int i = 0; i < weights.length; i++) {
      int vote = ballots.ballots().get(i).vote(row);
      if (vote != Ballot.ABSTAIN) {
        votes[vote] += weights[i];
        total += weights[i];
      }
    }
    return total;
  }

  private int leader(int row) {
    int leader = Ballot.ABSTAIN;
    for (Ballot ballot : ballots.ballots()) {
      int vote = ballot.vote(row);
      if (vote != Ballot.ABSTAIN && (leader == Ballot.ABSTAIN || votes[vote] > votes[leader])) {
        leader = vote;
      }
    }
    return leader;
  }

  private boolean isTied(int row, int leader, double total) {
    for (Ballot ballot : ballots.ballots()) {
      int vote = ballot.vote(row);
      if (vote != leader && ties(vote, leader, total)) {
        return true;
      }
    }
    return false;
  }

  private int firstTied(int row, int leader, double total) {
    int first = leader;
    for (Ballot ballot : ballots.ballots()) {
      int vote = ballot.vote(row);
      if (vote < first && ties(vote, leader, total)) {
        first = vote;
      }
    }
    return first;
  }

  private boolean ties(int vote, int leader, double total) {
    return vote != Ballot.ABSTAIN && votes[leader] - votes[vote] <= TOLERANCE * total;
  }

  private Decision decision(
      int row, Optional<Integer> label, double agreement, DecisionStatus status) {
    return new Decision(
        ballots.rows().get(row),
        label.map(ballots.labels()::get),
        Math.min(1, agreement),
        label.flatMap(l -> confidence(row, l)),
        status);
  }

  /** The weighted mean probability of a label among the models that voted and gave one. */
  Optional<Double> confidence(int row, int label) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      Ballot ballot = ballots.ballots().get(i);
      Optional<Double> probability =
          ballot.vote(row) == Ballot.ABSTAIN ? Optional.empty() : ballot.probability(row, label);
      if (probability.isPresent()) {
        sum += weights[i] * probability.get();
        total += weights[i];
      }
    }
    return total == 0 ? Optional.empty() : Optional.of(Math.min(1, sum / total));
  }
}
