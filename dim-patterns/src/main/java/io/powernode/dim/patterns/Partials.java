package io.powernode.dim.patterns;

import io.powernode.dim.spi.Partial;
import java.util.Arrays;
import java.util.List;

/** What merging and aggregating ask of several partials. */
final class Partials {
  private Partials() {}

  /** Those that speak for at least one row; the others have no tensors. */
  static List<Partial> withRows(List<Partial> partials) {
    return partials.stream().filter(partial -> partial.samples() > 0).toList();
  }

  static long samples(List<Partial> partials) {
    return partials.stream().mapToLong(Partial::samples).reduce(0, Math::addExact);
  }

  /** Each one's share of all rows. */
  static double[] shares(List<Partial> partials) {
    return normalised(partials.stream().mapToDouble(Partial::samples).toArray());
  }

  /** The weights divided by their sum. */
  static double[] normalised(double[] weights) {
    double[] scaled = scaled(weights);
    CompensatedSums sum = new CompensatedSums(1);
    for (double weight : scaled) {
      sum.add(0, weight);
    }
    return Arrays.stream(scaled).map(weight -> weight / sum.get(0)).toArray();
  }

  /** The weights times a power of two, which rounds nothing, so that no finite ones overflow. */
  static double[] scaled(double[] weights) {
    int exponent = Math.getExponent(Arrays.stream(weights).max().orElse(1));
    return Arrays.stream(weights).map(weight -> Math.scalb(weight, -exponent)).toArray();
  }

  /** The sum of the partials' tensors times factors, over all their rows. */
  static Partial combine(List<Partial> partials, double[] factors) {
    return new Partial(
        LinearCombination.of(partials.stream().map(Partial::values).toList(), factors),
        samples(partials));
  }
}
