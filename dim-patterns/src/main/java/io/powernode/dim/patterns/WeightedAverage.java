package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Reduction;
import java.util.List;

/**
 * {@code weighted_average}: the mean of the nodes' tensors by the job's given weights, for a node
 * without one by its reputation, whatever their rows. Thread-safe.
 */
public final class WeightedAverage implements Aggregator {

  /** For the service loader. */
  public WeightedAverage() {}

  @Override
  public String name() {
    return "weighted_average";
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    return Average.of(inputs, inputs.stream().mapToDouble(Input::weight).toArray());
  }
}
