package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Set;

/**
 * {@code weighted_average}: the mean of the nodes' tensors by the job's given weights, for a node
 * without one by its reputation, whatever their rows. Thread-safe.
 *
 * <p>Option: {@code weighting}, {@code given} by default; or {@code reputation} alone, {@code
 * samples}, {@code none}.
 */
public final class WeightedAverage extends WeightingAggregator {

  /** For the service loader. */
  public WeightedAverage() {
    super(Weighting.GIVEN);
  }

  @Override
  public String name() {
    return "weighted_average";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of(Weighting.OPTION));
    new OptionChecks(options, violations).oneOf(Weighting.OPTION, Weighting.NAMES);
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    return Average.of(inputs, weighting(options).of(inputs));
  }
}
