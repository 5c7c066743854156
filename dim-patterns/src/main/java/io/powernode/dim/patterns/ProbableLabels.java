package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Decides for each row's most probable label, by a method's own probabilities; those are the
 * confidence. The agreement is, as everywhere, the share of the weight that voted for the decided
 * label, and is what {@code minAgreement} is compared with. Probabilities that differ by at most
 * 1e-9 are tied.
 */
final class ProbableLabels {
  private static final double TOLERANCE = 1e-9;

  private final Ballots ballots;
  private final double[] weights;
  private final Consensus consensus;

  ProbableLabels(Ballots ballots, double[] weights, Consensus consensus) {
    this.ballots = ballots;
    this.weights = Tally.addable(weights);
    this.consensus = consensus;
  }

  /**
   * The decisions.
   *
   * @param probabilities of each label on a row; asked once for each row on which a model voted
   * @param threshold where the second of two labels is decided, instead of where it is likelier
   */
  List<Decision> decisions(IntFunction<double[]> probabilities, Optional<Double> threshold) {
    return IntStream.range(0, ballots.rows().size())
        .mapToObj(row -> decide(row, probabilities, threshold))
        .toList();
  }

  private Decision decide(
      int row, IntFunction<double[]> probabilities, Optional<Double> threshold) {
    if (!isVotedOn(row)) {
      return new Decision(
          ballots.rows().get(row), Optional.empty(), 0, Optional.empty(), DecisionStatus.ABSTAINED);
    }
    double[] likely = probabilities.apply(row);
    double least = max(likely) - TOLERANCE;
    int leader = firstFrom(0, likely, least);
    boolean tied = firstFrom(leader + 1, likely, least) < likely.length;
    if (threshold.isPresent() && likely.length == 2) {
      leader = likely[1] >= threshold.get() - TOLERANCE ? 1 : 0;
      tied = false;
    }
    double agreement = share(row, leader);
    DecisionStatus status = DecisionStatus.REACHED;
    if (tied && consensus.tie() != TieRule.FIRST) {
      status = DecisionStatus.TIE;
    } else if (agreement < consensus.minAgreement().orElse(0.0) - TOLERANCE) {
      status = DecisionStatus.BELOW_AGREEMENT;
    }
    boolean reached = status == DecisionStatus.REACHED;
    return new Decision(
        ballots.rows().get(row),
        reached ? Optional.of(ballots.labels().get(leader)) : Optional.empty(),
        agreement,
        reached ? Optional.of(Math.min(1, likely[leader])) : Optional.empty(),
        status);
  }

  private boolean isVotedOn(int row) {
    for (Ballot ballot : ballots.ballots()) {
      if (ballot.vote(row) != Ballot.ABSTAIN) {
        return true;
      }
    }
    return false;
  }

  private static double max(double[] likely) {
    double max = 0;
    for (double probability : likely) {
      max = Math.max(max, probability);
    }
    return max;
  }

  private static int firstFrom(int start, double[] likely, double least) {
    int label = start;
    while (label < likely.length && likely[label] < least) {
      label++;
    }
    return label;
  }

  private double share(int row, int label) {
    double behind = 0;
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      int vote = ballots.ballots().get(i).vote(row);
      total += vote == Ballot.ABSTAIN ? 0 : weights[i];
      behind += vote == label ? weights[i] : 0;
    }
    return Math.min(1, behind / total);
  }
}
