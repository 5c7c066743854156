package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * {@code geometric_median}: the point whose weighted mean distance to the contributions is least,
 * over all numbers of all tensors, found by the smoothed Weiszfeld algorithm. It starts at zero and
 * goes each time to the mean of the contributions weighted by the inverse of their distance, of
 * which a node's last one is its share. Source: Pillutla, Kakade, Harchaoui, Robust Aggregation for
 * Federated Learning, IEEE Transactions on Signal Processing 70 (2022). Thread-safe.
 *
 * <p>While contributions with a share {@code a} of the weight below a half are arbitrary, the exact
 * point is from any other no farther than {@code 2(1-a)/(1-2a)} times the farthest honest one is
 * (Minsker, Geometric median and robust estimation in Banach spaces, Bernoulli 2015).
 *
 * <p>Options: {@code smoothing}, the least distance that is told apart, above 0, {@value
 * #SMOOTHING} by default, which should be far below those between contributions; {@code tolerance},
 * 0..1, {@value #TOLERANCE} by default: it stops where the slope of the mean distance, which is 1
 * far away, is at most this; {@code iterations}, 1..10,000, {@value #ITERATIONS} by default: it
 * stops after so many in any case; {@code weighting}, {@code none} by default, or {@code samples},
 * {@code given}, {@code reputation}.
 */
public final class GeometricMedian extends WeightingAggregator {
  private static final double SMOOTHING = 1e-6;
  private static final double TOLERANCE = 1e-6;
  private static final int ITERATIONS = 100;

  /** For the service loader. */
  public GeometricMedian() {
    super(Weighting.NONE);
  }

  @Override
  public String name() {
    return "geometric_median";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of("smoothing", "tolerance", "iterations", Weighting.OPTION));
    new OptionChecks(options, violations)
        .number("smoothing", value -> value > 0, "above 0")
        .share("tolerance")
        .whole("iterations", 1, 10_000)
        .oneOf(Weighting.OPTION, Weighting.NAMES);
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    double smoothing = options.number("smoothing").orElse(SMOOTHING);
    double tolerance = options.number("tolerance").orElse(TOLERANCE);
    int iterations = options.number("iterations").map(Double::intValue).orElse(ITERATIONS);
    List<Partial> partials = Average.partials(inputs);
    double[] weights = Partials.normalised(weighting(options).of(inputs));
    Partial point = Partials.combine(partials, new double[weights.length]);
    double[] shares = weights;
    double slope = Double.POSITIVE_INFINITY;
    for (int i = 0; i < iterations && slope > tolerance; i++) {
      double[] pulls = pulls(weights, Distances.squaredTo(point, partials), smoothing);
      shares = Partials.normalised(pulls);
      Partial next = Partials.combine(partials, shares);
      // The step is the slope divided by the sum of the pulls.
      double step = Math.sqrt(Distances.squaredTo(next, List.of(point))[0]);
      slope = step * Arrays.stream(pulls).sum();
      point = next;
    }
    return Average.sharedOut(inputs, point, shares);
  }

  private static double[] pulls(double[] weights, double[] squares, double smoothing) {
    double[] pulls = new double[weights.length];
    for (int i = 0; i < pulls.length; i++) {
      pulls[i] = weights[i] / Math.max(smoothing, Math.sqrt(squares[i]));
    }
    if (Arrays.stream(pulls).allMatch(pull -> pull == 0)) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "contributions: are too far apart for distances in FP64");
    }
    return pulls;
  }
}
