package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code median}: for every number of the nodes' tensors the median over the nodes, of an even
 * count the mean of the two in the middle. Every node counts the same, whatever its rows. Source:
 * Yin et al., Byzantine-Robust Distributed Learning, ICML 2018. Thread-safe.
 */
public final class CoordinateMedian implements WeightlessAggregator {

  /** For the service loader. */
  public CoordinateMedian() {}

  @Override
  public String name() {
    return "median";
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    List<Partial> partials = Average.partials(inputs);
    Map<String, Tensor> medians = new LinkedHashMap<>();
    partials
        .get(0)
        .values()
        .forEach((name, tensor) -> medians.put(name, median(name, tensor.shape(), partials)));
    double[] shares = new double[inputs.size()];
    Arrays.fill(shares, 1.0 / inputs.size());
    return Average.sharedOut(inputs, new Partial(medians, Partials.samples(partials)), shares);
  }

  private static Tensor median(String name, long[] shape, List<Partial> partials) {
    List<double[]> nodes =
        partials.stream().map(partial -> Lookup.in(partial.values(), name).toDoubles()).toList();
    double[] medians = new double[nodes.get(0).length];
    double[] column = new double[nodes.size()];
    for (int i = 0; i < medians.length; i++) {
      for (int node = 0; node < column.length; node++) {
        column[node] = nodes.get(node)[i];
      }
      medians[i] = median(column);
    }
    return Tensors.ofDoubles(medians, shape);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1
        ? values[middle]
        : 0.5 * values[middle - 1] + 0.5 * values[middle];
  }
}
