package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Reduction;
import java.util.List;

/**
 * {@code median}: for every number of the nodes' tensors the median over the nodes, of an even
 * count the mean of the two in the middle. Every node counts the same, whatever its rows. While
 * fewer than half of the contributions are arbitrary, every number stays within the range of the
 * honest ones. Source: Yin et al., Byzantine-Robust Distributed Learning, ICML 2018. Thread-safe.
 */
public final class CoordinateMedian implements WeightlessAggregator {

  /** For the service loader. */
  public CoordinateMedian() {}

  @Override
  public String name() {
    return "median";
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    return Average.sharedOut(
        inputs,
        Coordinates.each(Average.partials(inputs), CoordinateMedian::of),
        Average.equalShares(inputs.size()));
  }

  /** The median of sorted numbers. */
  static double of(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : 0.5 * sorted[middle - 1] + 0.5 * sorted[middle];
  }
}
