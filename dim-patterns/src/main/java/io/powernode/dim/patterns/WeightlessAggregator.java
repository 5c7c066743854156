package io.powernode.dim.patterns;

import io.powernode.dim.spi.Aggregator;

/** An aggregator that does not look at {@link Aggregator.Input#weight}; a job may give it none. */
interface WeightlessAggregator extends Aggregator {}
