package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Aggregator;

/** An aggregator whose weights a job chooses by the option {@code weighting}. */
abstract class WeightingAggregator implements Aggregator {
  private final Weighting otherwise;

  /**
   * An aggregator.
   *
   * @param otherwise the weighting of a job that does not say
   */
  WeightingAggregator(Weighting otherwise) {
    this.otherwise = otherwise;
  }

  /** The weighting that valid options ask for. */
  final Weighting weighting(Options options) {
    return Weighting.in(options).orElse(otherwise);
  }
}
