package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Set;

/** Aggregates by the reduction's own way to merge; shares are by rows. */
abstract class MergingAggregator implements WeightlessAggregator {
  private final String name;

  MergingAggregator(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Set<String> reductions() {
    return Set.of(name);
  }

  @Override
  public final Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    return Average.sharedOut(
        inputs,
        reduction.merge(Average.partials(inputs)),
        Partials.normalised(Average.samples(inputs)));
  }
}
