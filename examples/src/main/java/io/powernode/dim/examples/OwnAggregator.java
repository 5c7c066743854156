package io.powernode.dim.examples;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How does a plugin add an aggregation method? This one is an average in which a node weighs by a
 * power of its rows: 1 is federated averaging, 0 counts every node the same, and 0.5, the default,
 * keeps a large hospital from drowning the small ones. A file in META-INF/services makes it known,
 * and jobs ask for it by name, as that of {@link RunOwnAggregator} does. Thread-safe.
 */
public final class OwnAggregator implements Aggregator {

  /** For the service loader. */
  public OwnAggregator() {}

  // README
  @Override
  public String name() {
    return "tempered_average";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of("power"));
    double power = options.number("power").orElse(0.5);
    violations.require(power >= 0 && power <= 1, "power", "is out of range", "0 to 1");
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    double power = options.number("power").orElse(0.5);
    Map<String, Double> shares = new HashMap<>();
    inputs.forEach(in -> shares.put(in.nodeId(), Math.pow(in.partial().samples(), power)));
    double total = inputs.stream().mapToDouble(in -> shares.get(in.nodeId())).sum();
    shares.replaceAll((node, weight) -> weight / total);
    return new Aggregate(average(inputs, shares), shares, Map.of());
  }

  // README

  private static Partial average(List<Input> inputs, Map<String, Double> shares) {
    Map<String, Tensor> averages = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> named : inputs.get(0).partial().values().entrySet()) {
      double[] sum = new double[named.getValue().elements()];
      for (Input input : inputs) {
        Tensor tensor = Objects.requireNonNull(input.partial().values().get(named.getKey()));
        double[] values = tensor.toDoubles();
        double share = shares.getOrDefault(input.nodeId(), 0.0);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += share * values[i];
        }
      }
      averages.put(named.getKey(), Tensor.ofDoubles(sum).reshape(named.getValue().shape()));
    }
    return new Partial(averages, inputs.stream().mapToLong(in -> in.partial().samples()).sum());
  }
}
