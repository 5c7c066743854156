package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Reduction;
import java.util.List;

/**
 * {@code federated_averaging}: the mean of the nodes' tensors weighted by their rows. With the
 * reduction mean it equals the mean over all rows pooled, up to rounding; of sums it is the mean of
 * the nodes' sums by the same weights. Source: McMahan et al., Communication-Efficient Learning of
 * Deep Networks from Decentralized Data, AISTATS 2017. Thread-safe.
 */
public final class FederatedAveraging implements WeightlessAggregator {

  /** For the service loader. */
  public FederatedAveraging() {}

  @Override
  public String name() {
    return "federated_averaging";
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    return Average.of(inputs, Average.samples(inputs));
  }
}
