package io.powernode.dim.patterns;

import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.Arrays;
import java.util.Optional;

/**
 * Krippendorff's alpha for interval data: how much smaller the squared differences between numbers
 * for the same row are than between numbers for any rows. Source: K. Krippendorff, Computing
 * Krippendorff's Alpha-Reliability, University of Pennsylvania (2011), section D. The squared
 * differences of m numbers, each with each, sum to 2m times those to their mean, so that no pairs
 * are looped over.
 */
final class IntervalAlpha {
  private IntervalAlpha() {}

  /**
   * Over the rows for which at least two models gave a number.
   *
   * @return at most 1; empty without such rows, or if all their numbers are equal, so that there
   *     was nothing to disagree about
   */
  static Optional<Double> of(Ballots ballots) {
    double[][] rows = new double[ballots.rows().size()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = numbers(ballots, row);
    }
    double[] all =
        Arrays.stream(rows).filter(r -> r.length >= 2).flatMapToDouble(Arrays::stream).toArray();
    // Alpha does not depend on the scale, and a power of two rounds nothing.
    int exponent = Math.getExponent(Arrays.stream(all).map(Math::abs).max().orElse(1));
    double expected = squares(all, exponent);
    CompensatedSums observed = new CompensatedSums(1);
    for (double[] row : rows) {
      if (row.length >= 2) {
        observed.add(0, squares(row, exponent) * row.length / (row.length - 1));
      }
    }
    return expected == 0
        ? Optional.empty()
        : Optional.of(1 - (all.length - 1.0) / all.length * observed.get(0) / expected);
  }

  private static double[] numbers(Ballots ballots, int row) {
    return ballots.ballots().stream()
        .filter(ballot -> !ballot.abstains(row))
        .mapToDouble((Ballot ballot) -> ballot.number(row))
        .toArray();
  }

  /** The squared distances to the mean, of numbers scaled down by a power of two. */
  private static double squares(double[] numbers, int exponent) {
    CompensatedSums sums = new CompensatedSums(2);
    for (double number : numbers) {
      sums.add(0, Math.scalb(number, -exponent));
    }
    double mean = sums.get(0) / numbers.length;
    for (double number : numbers) {
      double distance = Math.scalb(number, -exponent) - mean;
      sums.add(1, distance * distance);
    }
    return sums.get(1);
  }
}
