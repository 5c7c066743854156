package io.powernode.dim.patterns;

/**
 * {@code metrics}: the nodes' metrics as if computed over all rows pooled; goes with the reduction
 * of the same name. A node's share is its share of the rows. Thread-safe.
 */
public final class MetricsAggregator extends MergingAggregator {

  /** For the service loader. */
  public MetricsAggregator() {
    super("metrics");
  }
}
