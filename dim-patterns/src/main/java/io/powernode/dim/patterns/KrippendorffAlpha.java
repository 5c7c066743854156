package io.powernode.dim.patterns;

import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.Optional;

/**
 * Krippendorff's alpha for nominal data: how much less models disagree than votes paired by chance
 * would. Unlike Fleiss' kappa it uses rows on which some models abstained. Source: K. Krippendorff,
 * Computing Krippendorff's Alpha-Reliability, University of Pennsylvania (2011), section C.
 */
final class KrippendorffAlpha {
  private KrippendorffAlpha() {}

  /**
   * Over the rows on which at least two models voted.
   *
   * @return at most 1; empty without such rows, or if all their votes are for the same label, so
   *     that there was nothing to disagree about
   */
  static Optional<Double> of(Ballots ballots) {
    long[] totals = new long[ballots.labels().size()];
    int[] counts = new int[totals.length];
    long votes = 0;
    double agreeing = 0;
    for (int row = 0; row < ballots.rows().size(); row++) {
      int voters = count(ballots, row, counts);
      for (Ballot ballot : ballots.ballots()) {
        int vote = ballot.vote(row);
        if (vote != Ballot.ABSTAIN) {
          if (voters >= 2) {
            totals[vote] += counts[vote];
            agreeing += counts[vote] * (counts[vote] - 1.0) / (voters - 1);
            votes += counts[vote];
          }
          counts[vote] = 0;
        }
      }
    }
    double expected = 0;
    for (long total : totals) {
      expected += total * (double) (votes - total);
    }
    return expected == 0
        ? Optional.empty()
        : Optional.of(1 - (votes - 1) * (votes - agreeing) / expected);
  }

  /** Counts the votes for each label that has some, and returns how many there are. */
  private static int count(Ballots ballots, int row, int[] counts) {
    int voters = 0;
    for (Ballot ballot : ballots.ballots()) {
      int vote = ballot.vote(row);
      if (vote != Ballot.ABSTAIN) {
        counts[vote]++;
        voters++;
      }
    }
    return voters;
  }
}
