package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Options;

/**
 * How far apart numbers may be to agree: the larger of a distance and a share. A 1e-9th of the
 * numbers is added, so that no dispute hangs on rounding.
 *
 * @param absolute the distance, 0 or more
 * @param relative the share of the reference, 0 or more
 */
record Tolerance(double absolute, double relative) {
  private static final double ROUNDING = 1e-9;

  static Tolerance of(Options options) {
    return new Tolerance(
        options.number(Consensus.ABSOLUTE_TOLERANCE).orElse(0.0),
        options.number(Consensus.RELATIVE_TOLERANCE).orElse(0.0));
  }

  /** Whether a number is close enough to a reference. */
  boolean covers(double number, double reference) {
    double size = Math.abs(reference);
    double allowed = Math.max(absolute, relative * size);
    return Math.abs(number - reference) <= allowed + ROUNDING * Math.max(size, Math.abs(number));
  }

  /** Whether two numbers are close to each other, whichever is the reference. */
  boolean joins(double one, double other) {
    return covers(one, other) || covers(other, one);
  }
}
