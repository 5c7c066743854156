package io.powernode.dim.patterns;

/**
 * {@code histogram}: the sum of the nodes' histograms, as over all rows pooled; goes with the
 * reduction of the same name. A node's share is its share of the rows. Thread-safe.
 */
public final class HistogramAggregator extends MergingAggregator {

  /** For the service loader. */
  public HistogramAggregator() {
    super("histogram");
  }
}
