package io.powernode.dim.examples;

import io.powernode.dim.patterns.MeanReduction;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.testkit.AggregatorContract;

/** A plugin author's test: what every aggregator must do, and nothing to write but this. */
class OwnAggregatorTest extends AggregatorContract {
  @Override
  protected Aggregator create() {
    return new OwnAggregator();
  }

  @Override
  protected Reduction reduction() {
    return new MeanReduction();
  }
}
