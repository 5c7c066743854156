package io.powernode.dim.patterns;

import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.Optional;

/**
 * Fleiss' kappa: how much more models agree than they would by chance, given how often each label
 * is voted for. Source: J. L. Fleiss, Measuring nominal scale agreement among many raters,
 * Psychological Bulletin 76 (1971).
 */
final class FleissKappa {
  private static final double TOLERANCE = 1e-12;

  private FleissKappa() {}

  /**
   * Over the rows on which every model voted.
   *
   * @return at most 1; empty without such rows, for a single model, or if all votes of all rows are
   *     the same, so that chance alone explains the agreement
   */
  static Optional<Double> of(Ballots ballots) {
    int raters = ballots.ballots().size();
    long[] totals = new long[ballots.labels().size()];
    int[] counts = new int[totals.length];
    long rows = 0;
    double pairsThatAgree = 0;
    for (int row = 0; row < ballots.rows().size(); row++) {
      if (allVoted(ballots, row)) {
        pairsThatAgree += agreeingPairs(ballots, row, counts, totals);
        rows++;
      }
    }
    if (rows == 0 || raters < 2) {
      return Optional.empty();
    }
    double observed = pairsThatAgree / (rows * (double) raters * (raters - 1));
    double expected = 0;
    for (long total : totals) {
      double share = total / (rows * (double) raters);
      expected += share * share;
    }
    return 1 - expected < TOLERANCE
        ? Optional.empty()
        : Optional.of((observed - expected) / (1 - expected));
  }

  private static boolean allVoted(Ballots ballots, int row) {
    for (Ballot ballot : ballots.ballots()) {
      if (ballot.vote(row) == Ballot.ABSTAIN) {
        return false;
      }
    }
    return true;
  }

  /** Counts ordered pairs of models that agree on a row; leaves {@code counts} zeroed. */
  private static long agreeingPairs(Ballots ballots, int row, int[] counts, long[] totals) {
    long pairs = 0;
    for (Ballot ballot : ballots.ballots()) {
      int vote = ballot.vote(row);
      pairs += 2L * counts[vote];
      counts[vote]++;
      totals[vote]++;
    }
    for (Ballot ballot : ballots.ballots()) {
      counts[ballot.vote(row)] = 0;
    }
    return pairs;
  }
}
