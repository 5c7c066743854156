package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Reduction.Reducer;
import io.powernode.dim.testkit.AggregatorContract;
import io.powernode.dim.testkit.ConsensusRuleContract;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.ReductionContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;

/** Every reduction, aggregator and consensus rule keeps its contract. */
class ContractsTest {
  private static final int ROWS = 13;

  private static ModelDescriptor classifier() {
    return FakeModels.model(
            "m",
            new Signature(
                List.of(TensorSpec.of("x", DataType.FP64, -1)),
                List.of(TensorSpec.of("y", DataType.FP64, -1, 2))))
        .withLabels(List.of("no", "yes"));
  }

  /** A classifier's answers over labelled rows. */
  abstract static class OfClassifier extends ReductionContract {
    @Override
    protected ModelDescriptor model() {
      return classifier();
    }

    @Override
    protected Rows rows() {
      List<String> ids = IntStream.range(0, ROWS).mapToObj(i -> "row" + i).toList();
      List<String> truth =
          IntStream.range(0, ROWS).mapToObj(i -> i % 3 == 0 ? "yes" : "no").toList();
      double[] second =
          IntStream.range(0, ROWS).mapToDouble(i -> (i * 7 % ROWS + 0.5) / ROWS).toArray();
      double[] both = DoubleStream.of(second).flatMap(p -> DoubleStream.of(1 - p, p)).toArray();
      Batch batch =
          new Batch(
              ROWS,
              Map.of("x", Tensor.ofDoubles(second)),
              Optional.of(Tensor.ofStrings(truth)),
              Tensor.ofStrings(ids));
      return new Rows(batch, Map.of("y", Tensor.ofDoubles(both, ROWS, 2)));
    }
  }

  @Nested
  class Mean extends OfClassifier {
    @Override
    protected Reduction create() {
      return new MeanReduction();
    }
  }

  @Nested
  class Sum extends OfClassifier {
    @Override
    protected Reduction create() {
      return new SumReduction();
    }
  }

  @Nested
  class MetricsOfRows extends OfClassifier {
    @Override
    protected Reduction create() {
      return new MetricsReduction();
    }
  }

  @Nested
  class Votes extends OfClassifier {
    @Override
    protected Reduction create() {
      return new VotesReduction();
    }

    @Override
    protected ReductionSpec spec() {
      return ReductionSpec.votes().with("probabilities", true);
    }
  }

  @Nested
  class None extends OfClassifier {
    @Override
    protected Reduction create() {
      return new NoReduction();
    }
  }

  @Nested
  class Averaging extends AggregatorContract {
    @Override
    protected Aggregator create() {
      return new FederatedAveraging();
    }

    @Override
    protected Reduction reduction() {
      return new MeanReduction();
    }
  }

  @Nested
  class Weighted extends AggregatorContract {
    @Override
    protected Aggregator create() {
      return new WeightedAverage();
    }

    @Override
    protected Reduction reduction() {
      return new MeanReduction();
    }
  }

  @Nested
  class Median extends AggregatorContract {
    @Override
    protected Aggregator create() {
      return new CoordinateMedian();
    }

    @Override
    protected Reduction reduction() {
      return new MeanReduction();
    }
  }

  @Nested
  class Summing extends AggregatorContract {
    @Override
    protected Aggregator create() {
      return new SumAggregator();
    }

    @Override
    protected Reduction reduction() {
      return new SumReduction();
    }
  }

  @Nested
  class MetricsOfNodes extends AggregatorContract {
    @Override
    protected Aggregator create() {
      return new MetricsAggregator();
    }

    @Override
    protected Reduction reduction() {
      return new MetricsReduction();
    }

    @Override
    protected Partial partial(RandomGenerator random) {
      Reducer reducer = reduction().start(classifier(), ReductionSpec.metrics());
      int rows = random.nextInt(5, 50);
      double[] second = random.doubles(rows).toArray();
      double[] both = DoubleStream.of(second).flatMap(p -> DoubleStream.of(1 - p, p)).toArray();
      List<String> truth = DoubleStream.of(second).mapToObj(p -> p > 0.4 ? "yes" : "no").toList();
      reducer.accept(
          io.powernode.dim.patterns.Rows.batch(rows, 0, Optional.of(truth)),
          Map.of("y", Tensor.ofDoubles(both, rows, 2)));
      return reducer.finish();
    }
  }

  @Nested
  class Majority extends ConsensusRuleContract {
    @Override
    protected ConsensusRule create() {
      return new MajorityVote();
    }
  }

  @Nested
  class ByWeight extends ConsensusRuleContract {
    @Override
    protected ConsensusRule create() {
      return new WeightedVote();
    }
  }

  @Nested
  class ByExpert extends ConsensusRuleContract {
    @Override
    protected ConsensusRule create() {
      return new ExpertReview();
    }

    @Override
    protected Consensus consensus() {
      return Consensus.expertReview().minAgreement(0.75);
    }
  }
}
