package io.powernode.dim.benchmarks;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.patterns.CoordinateMedian;
import io.powernode.dim.patterns.FederatedAveraging;
import io.powernode.dim.patterns.Krum;
import io.powernode.dim.patterns.MeanReduction;
import io.powernode.dim.patterns.TrimmedMean;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Partial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One answer of a hundred nodes' numbers. */
@State(Scope.Benchmark)
public class AggregationBenchmark {
  /** How many contribute. */
  static final int NODES = 100;

  /** How many numbers each. */
  @Param("1000000")
  public int numbers = 1_000_000;

  private final List<Aggregator.Input> inputs = new ArrayList<>();

  /** Makes up the contributions. */
  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int node = 0; node < NODES; node++) {
      Map<String, Tensor> values = Map.of("w", Tensor.ofFloats(PlainLoops.floats(random, numbers)));
      String id = String.format(Locale.ROOT, "node-%03d", node);
      inputs.add(new Aggregator.Input(id, new Partial(values, 100 + node), 1));
    }
  }

  /** The mean weighted by rows. */
  @Benchmark
  public Aggregator.Aggregate average() {
    return aggregate(new FederatedAveraging(), Aggregation.federatedAveraging());
  }

  /** The median of every number. */
  @Benchmark
  public Aggregator.Aggregate median() {
    return aggregate(new CoordinateMedian(), Aggregation.median());
  }

  /** The mean of every number without a tenth at each side. */
  @Benchmark
  public Aggregator.Aggregate trimmedMean() {
    return aggregate(new TrimmedMean(), Aggregation.trimmedMean(0.1));
  }

  /** The contribution closest to its neighbours. */
  @Benchmark
  public Aggregator.Aggregate krum() {
    return aggregate(new Krum(), Aggregation.krum(10));
  }

  private Aggregator.Aggregate aggregate(Aggregator method, Aggregation options) {
    return method.aggregate(inputs, new MeanReduction(), options.options());
  }
}
