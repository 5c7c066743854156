package io.powernode.dim.patterns;

import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds aggregates in which every node has a known share. */
final class Average {
  private Average() {}

  /** The mean of the nodes' tensors by weights above 0, which need not sum to 1. */
  static Aggregate of(List<Input> inputs, double[] weights) {
    double[] shares = Partials.normalised(weights);
    return sharedOut(inputs, Partials.combine(partials(inputs), shares), shares);
  }

  /** A finished value, and how much of it each node is. */
  static Aggregate sharedOut(List<Input> inputs, Partial value, double[] shares) {
    Map<String, Double> byNode = new LinkedHashMap<>();
    for (int i = 0; i < shares.length; i++) {
      byNode.put(inputs.get(i).nodeId(), shares[i]);
    }
    return new Aggregate(value, byNode, Map.of());
  }

  /** The shares of {@code count} nodes that count the same. */
  static double[] equalShares(int count) {
    double[] shares = new double[count];
    Arrays.fill(shares, 1.0 / count);
    return shares;
  }

  static List<Partial> partials(List<Input> inputs) {
    return inputs.stream().map(Input::partial).toList();
  }

  static double[] samples(List<Input> inputs) {
    return inputs.stream().mapToDouble(input -> input.partial().samples()).toArray();
  }
}
