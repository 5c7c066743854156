package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Set;

/**
 * {@code trimmed_mean}: for every number of the nodes' tensors the mean over the nodes without the
 * smallest and the largest. Every node counts the same, whatever its rows. While at most as many
 * contributions are arbitrary as are cut at one side, every number stays within the range of the
 * honest ones. Source: Yin et al., Byzantine-Robust Distributed Learning, ICML 2018. Thread-safe.
 *
 * <p>Option: {@code trim}, the share of the contributions to cut at each side, 0 or more and below
 * 0.5. It must be given: a share of {@code t} cuts {@code floor(t·n)} of {@code n}, so that a small
 * one cuts none of a few.
 */
public final class TrimmedMean implements WeightlessAggregator {
  /**
   * A share written as a decimal fraction may miss the whole number that it means by a rounding.
   */
  private static final double ROUNDING = 1e-9;

  /** For the service loader. */
  public TrimmedMean() {}

  @Override
  public String name() {
    return "trimmed_mean";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of("trim"));
    new OptionChecks(options, violations)
        .required("trim", "the share to cut at each side, 0 or more and below 0.5")
        .number("trim", trim -> trim >= 0 && trim < 0.5, "0 or more and below 0.5");
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    int cut = cut(options.number("trim").orElseThrow(), inputs.size());
    return Average.sharedOut(
        inputs,
        Coordinates.each(
            Average.partials(inputs), sorted -> Coordinates.mean(sorted, cut, sorted.length - cut)),
        Average.equalShares(inputs.size()));
  }

  private static int cut(double trim, int count) {
    return Math.min((count - 1) / 2, (int) Math.floor(trim * count + ROUNDING));
  }
}
