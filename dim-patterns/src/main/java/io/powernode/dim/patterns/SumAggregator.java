package io.powernode.dim.patterns;

/**
 * {@code sum}: the sum of the nodes' sums, as over all rows pooled; goes with the reduction of the
 * same name. A node's share is its share of the rows. Thread-safe.
 */
public final class SumAggregator extends MergingAggregator {

  /** For the service loader. */
  public SumAggregator() {
    super("sum");
  }
}
