package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.testkit.AggregatorContract;
import io.powernode.dim.testkit.ConsensusRuleContract;
import io.powernode.dim.testkit.NumberRuleContract;
import io.powernode.dim.testkit.ReductionContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;

/** Our plugins do what every plugin of their kind must. */
class ContractsTest {
  private static final List<String> LABELS = List.of("benign", "malignant");
  private static final List<String> TRUTHS =
      List.of("benign", "malignant", "malignant", "benign", "malignant", "benign", "benign");

  abstract static class OnRiskModel extends ReductionContract {
    private final Reduction reduction;

    OnRiskModel(Reduction reduction) {
      this.reduction = reduction;
    }

    @Override
    protected Reduction create() {
      return reduction;
    }

    @Override
    protected ModelDescriptor model() {
      return FakeCatalog.riskModel("m").withLabels(LABELS);
    }

    @Override
    protected Rows rows() {
      Batch batch = io.powernode.dim.patterns.Rows.batch(7, 0, Optional.of(TRUTHS));
      Tensor risk = Tensor.ofFloats(new float[] {.1f, .9f, .4f, .2f, .7f, .6f, .3f}, 7, 1);
      return new Rows(batch, Map.of("risk", risk));
    }
  }

  @Nested
  class Mean extends OnRiskModel {
    Mean() {
      super(new MeanReduction());
    }
  }

  @Nested
  class Sum extends OnRiskModel {
    Sum() {
      super(new SumReduction());
    }
  }

  @Nested
  class Histogram extends OnRiskModel {
    Histogram() {
      super(new HistogramReduction());
    }

    @Override
    protected ReductionSpec spec() {
      return ReductionSpec.histogram(0.2, 0.4, 0.8);
    }
  }

  @Nested
  class MetricsOfAClassifier extends OnRiskModel {
    MetricsOfAClassifier() {
      super(new MetricsReduction());
    }
  }

  @Nested
  class Votes extends OnRiskModel {
    Votes() {
      super(new VotesReduction());
    }

    @Override
    protected ReductionSpec spec() {
      return ReductionSpec.votes().with("probabilities", true);
    }
  }

  @Nested
  class Numbers extends OnRiskModel {
    Numbers() {
      super(new NumbersReduction());
    }
  }

  @Nested
  class CalibrationOfAClassifier extends OnRiskModel {
    CalibrationOfAClassifier() {
      super(new CalibrationReduction());
    }
  }

  @Nested
  class CalibrationOfDecisions extends OnRiskModel {
    CalibrationOfDecisions() {
      super(new DecisionCalibrationReduction());
    }

    @Override
    protected ReductionSpec spec() {
      List<String> rows = rows().batch().rowIds().strings();
      return DecisionCalibrationReduction.spec(
          LABELS, rows, TRUTHS, List.of(.5, .6, .7, .8, .9, 1., .55));
    }
  }

  @Nested
  class None extends OnRiskModel {
    None() {
      super(new NoReduction());
    }
  }

  abstract static class OfMeans extends AggregatorContract {
    private final Aggregator aggregator;

    OfMeans(Aggregator aggregator) {
      this.aggregator = aggregator;
    }

    @Override
    protected Aggregator create() {
      return aggregator;
    }

    @Override
    protected Reduction reduction() {
      return new MeanReduction();
    }
  }

  @Nested
  class Trimmed extends OfMeans {
    Trimmed() {
      super(new TrimmedMean());
    }

    @Override
    protected Options options() {
      return Options.none().with("trim", 0.2);
    }
  }

  @Nested
  class MedianPoint extends OfMeans {
    MedianPoint() {
      super(new GeometricMedian());
    }

    @Override
    protected Options options() {
      return Options.none().with("weighting", "given").with("smoothing", 1e-4);
    }
  }

  abstract static class ByKrumScore extends OfMeans {
    ByKrumScore(Aggregator aggregator) {
      super(aggregator);
    }

    /** Arbitrary ones would need more than the single contribution of one of the tests. */
    @Override
    protected Options options() {
      return Options.none().with("byzantine", 0);
    }
  }

  @Nested
  class OneByKrum extends ByKrumScore {
    OneByKrum() {
      super(new Krum());
    }
  }

  @Nested
  class ManyByKrum extends ByKrumScore {
    ManyByKrum() {
      super(new MultiKrum());
    }
  }

  @Nested
  class BulyanOfKrum extends ByKrumScore {
    BulyanOfKrum() {
      super(new Bulyan());
    }
  }

  @Nested
  class FederatedAverage extends OfMeans {
    FederatedAverage() {
      super(new FederatedAveraging());
    }
  }

  @Nested
  class AverageByWeight extends OfMeans {
    AverageByWeight() {
      super(new WeightedAverage());
    }
  }

  @Nested
  class Median extends OfMeans {
    Median() {
      super(new CoordinateMedian());
    }
  }

  @Nested
  class SumOfSums extends OfMeans {
    SumOfSums() {
      super(new SumAggregator());
    }

    @Override
    protected Reduction reduction() {
      return new SumReduction();
    }
  }

  @Nested
  class MergedHistograms extends OfMeans {
    MergedHistograms() {
      super(new HistogramAggregator());
    }

    @Override
    protected Reduction reduction() {
      return new HistogramReduction();
    }

    @Override
    protected Partial partial(RandomGenerator random) {
      long[] counts = random.longs(3, 1, 100).toArray();
      return new Partial(
          Map.of("risk", Tensor.ofLongs(counts, 1, 3)), counts[0] + counts[1] + counts[2]);
    }
  }

  @Nested
  class MergedMetrics extends OfMeans {
    MergedMetrics() {
      super(new MetricsAggregator());
    }

    @Override
    protected Reduction reduction() {
      return new MetricsReduction();
    }

    @Override
    protected Partial partial(RandomGenerator random) {
      long[] confusion = random.longs(4, 0, 100).toArray();
      return new MetricCounts(LABELS, confusion, Optional.empty(), new long[0], new long[0])
          .toPartial();
    }
  }

  abstract static class OfVotes extends ConsensusRuleContract {
    private final ConsensusRule rule;

    OfVotes(ConsensusRule rule) {
      this.rule = rule;
    }

    @Override
    protected ConsensusRule create() {
      return rule;
    }
  }

  @Nested
  class Majority extends OfVotes {
    Majority() {
      super(new MajorityVote());
    }
  }

  @Nested
  class Weighted extends OfVotes {
    Weighted() {
      super(new WeightedVote());
    }

    @Override
    protected Consensus consensus() {
      return Consensus.weightedVote().minAgreement(0.5);
    }
  }

  @Nested
  class ByMeanProbability extends OfVotes {
    ByMeanProbability() {
      super(new MeanProbability());
    }
  }

  @Nested
  class ByMedianProbability extends OfVotes {
    ByMedianProbability() {
      super(new MedianProbability());
    }
  }

  @Nested
  class ByDawidSkene extends OfVotes {
    ByDawidSkene() {
      super(new DawidSkene());
    }
  }

  @Nested
  class Expert extends OfVotes {
    Expert() {
      super(new ExpertReview());
    }

    @Override
    protected Consensus consensus() {
      return Consensus.expertReview().minAgreement(0.8);
    }
  }

  abstract static class OfNumbers extends NumberRuleContract {
    private final ConsensusRule rule;

    OfNumbers(ConsensusRule rule) {
      this.rule = rule;
    }

    @Override
    protected ConsensusRule create() {
      return rule;
    }

    @Override
    protected Consensus consensus() {
      return Consensus.of(rule.name()).absoluteTolerance(0.5).minAgreement(0.6);
    }
  }

  @Nested
  class ByMean extends OfNumbers {
    ByMean() {
      super(new MeanNumber());
    }
  }

  @Nested
  class ByWeightedMean extends OfNumbers {
    ByWeightedMean() {
      super(new WeightedMeanNumber());
    }
  }

  @Nested
  class ByMedian extends OfNumbers {
    ByMedian() {
      super(new MedianNumber());
    }
  }
}
