package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CollaborativeValidationTest {
  private final FakeCatalog catalog =
      new FakeCatalog()
          .model(FakeCatalog.riskModel("risk-model"))
          .node("a", 0.9)
          .node("b", 0.6)
          .node("elsewhere", 0.6, FakeCatalog.cabinet("other", "x"));

  private static CollaborativeJobBuilder job(String... nodes) {
    return JobSpec.collaborative("risk-model").nodes(nodes).cabinet("patients");
  }

  /** A job whose nodes are chosen, 10 at most. */
  private static CollaborativeJobBuilder chosen() {
    return JobSpec.collaborative("risk-model");
  }

  private List<Violation> violations(CollaborativeJobBuilder job) {
    Violations violations = Violations.none();
    new CollaborativeEngine()
        .validate((CollaborativeSpec) job.build().config(), catalog, violations.at("config"));
    return violations.list();
  }

  @Test
  void validate_pluginsOptionOfAWrongType_isOneOfAllViolations() {
    Careless careless = new Careless();
    catalog.plugin(Aggregator.class, careless).plugin(Reduction.class, careless);
    assertThat(
            violations(
                job("a", "unknown")
                    .reduce(new ReductionSpec(Careless.NAME, Careless.OPTIONS))
                    .aggregate(new Aggregation(Careless.NAME, Careless.OPTIONS))))
        .extracting(Violation::path)
        .containsExactly(
            "config.nodes[1]",
            "config.reduction.other",
            "config.reduction.power",
            "config.aggregation.other",
            "config.aggregation.power");
  }

  static Stream<CollaborativeJobBuilder> sound() {
    return Stream.of(
        job("a", "b"),
        job("a", "b").reduce(ReductionSpec.sum()).aggregate(Aggregation.sum()),
        job("a", "b").reduce(ReductionSpec.sum()).aggregate(Aggregation.median()),
        job("a", "b")
            .reduce(ReductionSpec.metrics().with("label", "diagnosis"))
            .aggregate(Aggregation.metrics()),
        job("a", "b").aggregate(Aggregation.weightedAverage()).weight("a", 2),
        job("a", "b").aggregate(Aggregation.weightedAverage().with("weighting", "samples")),
        job("a", "b")
            .aggregate(Aggregation.geometricMedian().with("weighting", "given"))
            .weight("a", 2),
        job("a", "b").aggregate(Aggregation.trimmedMean(0.4)).normClip(10),
        job("a", "b").reduce(ReductionSpec.sum()).aggregate(Aggregation.krum(0)).normClip(1),
        job("a", "b").reduce(ReductionSpec.sum()).aggregate(Aggregation.sum()).normClip(1),
        job("a", "b").reduce(ReductionSpec.histogram(0, 0.5, 1)).aggregate(Aggregation.histogram()),
        chosen().aggregate(Aggregation.krum(4).with("neighbours", "n-f-2")),
        chosen().aggregate(Aggregation.multiKrum(2).with("select", 8)),
        chosen().aggregate(Aggregation.bulyan(1)).quorum(Quorum.atLeast(7)),
        JobSpec.collaborative("risk-model")
            .nodes(need -> need.atMost(3))
            .quorum(Quorum.atLeast(3)));
  }

  @ParameterizedTest
  @MethodSource("sound")
  void validate_soundJob_hasNoViolation(CollaborativeJobBuilder job) {
    assertThat(violations(job)).isEmpty();
  }

  static Stream<Arguments> unsound() {
    return Stream.of(
        arguments(JobSpec.collaborative("unknown"), "config.modelId: is not a registered model"),
        arguments(job("a", "unknown"), "config.nodes[1]: is not a registered node"),
        arguments(job("a", "elsewhere"), "config.nodes[1]: does not hold the cabinet patients"),
        arguments(
            job("a", "b").aggregate(Aggregation.of("mode")),
            "config.aggregation.method: is not a known method; allowed: bulyan,"
                + " federated_averaging, geometric_median, histogram, krum, median, metrics,"
                + " multi_krum, sum, trimmed_mean, weighted_average"),
        arguments(
            job("a", "b").reduce(ReductionSpec.of("mode")),
            "config.reduction.method: is not a known method; allowed: calibration,"
                + " decision_calibration, histogram, mean, metrics, none, numbers, sum, votes"),
        arguments(
            job("a", "b").reduce(ReductionSpec.metrics()),
            "config.aggregation.method: federated_averaging does not go with the reduction metrics"),
        arguments(
            job("a", "b").aggregate(Aggregation.sum()),
            "config.aggregation.method: sum does not go with the reduction mean"),
        arguments(
            job("a", "b").reduce(ReductionSpec.votes()),
            "config.aggregation.method: federated_averaging does not go with the reduction votes"),
        arguments(
            job("a", "b").reduce(ReductionSpec.none()).aggregate(Aggregation.median()),
            "config.aggregation.method: median does not go with the reduction none"),
        arguments(
            job("a", "b").reduce(ReductionSpec.mean().with("edges", List.of(1))),
            "config.reduction.edges: is not an option of this method"),
        arguments(
            job("a", "b").aggregate(Aggregation.median().with("trim", 1)),
            "config.aggregation.trim: is not an option of this method"),
        arguments(
            job("a", "b").weight("a", 1),
            "config.weights: are not used by the aggregation federated_averaging"),
        arguments(
            job("a", "b").aggregate(Aggregation.of("trimmed_mean")),
            "config.aggregation.trim: is missing; allowed: the share to cut at each side"),
        arguments(
            job("a", "b").aggregate(Aggregation.trimmedMean(0.5)),
            "config.aggregation.trim: is out of range; allowed: 0 or more and below 0.5"),
        arguments(
            job("a", "b").aggregate(Aggregation.of("krum")),
            "config.aggregation.byzantine: is missing; allowed: how many contributions may be"),
        arguments(
            job("a", "b").aggregate(Aggregation.of("multi_krum").with("byzantine", 0.5)),
            "config.aggregation.byzantine: is out of range; allowed: a whole number, 0 to 4999"),
        arguments(
            job("a", "b").aggregate(Aggregation.of("bulyan").with("byzantine", "1")),
            "config.aggregation.byzantine: has the wrong type; allowed: a number"),
        arguments(
            job("a", "b").aggregate(Aggregation.krum(0).with("neighbours", "n")),
            "config.aggregation.neighbours: is unknown; allowed: n-f, n-f-2"),
        arguments(
            job("a", "b").aggregate(Aggregation.multiKrum(0).with("select", 0)),
            "config.aggregation.select: is out of range; allowed: a whole number, 1 to 10000"),
        arguments(
            job("a", "b").aggregate(Aggregation.krum(0).with("select", 1)),
            "config.aggregation.select: is not an option of this method"),
        arguments(
            job("a", "b").aggregate(Aggregation.krum(1)),
            "config.nodes: are fewer than krum needs with these options, which is 3; allowed: 3"),
        arguments(
            chosen().aggregate(Aggregation.krum(5)),
            "config.dataRequirements.maxNodes: is less than krum needs with these options, which is"
                + " 12, or left out for 10; allowed: 12 or more"),
        arguments(
            chosen().aggregate(Aggregation.bulyan(1)).quorum(Quorum.atLeast(6)),
            "config.quorum.min: is less than bulyan needs with these options, which is 7; allowed: 7"
                + " or more"),
        arguments(
            job("a", "b").aggregate(Aggregation.geometricMedian().with("smoothing", 0.0)),
            "config.aggregation.smoothing: is out of range; allowed: above 0"),
        arguments(
            job("a", "b").aggregate(Aggregation.geometricMedian().with("iterations", 0)),
            "config.aggregation.iterations: is out of range"),
        arguments(
            job("a", "b").aggregate(Aggregation.geometricMedian().with("tolerance", 2)),
            "config.aggregation.tolerance: is out of range; allowed: 0 to 1"),
        arguments(
            job("a", "b").aggregate(Aggregation.weightedAverage().with("weighting", "rows")),
            "config.aggregation.weighting: is unknown; allowed: given, none, reputation, samples"),
        arguments(
            job("a", "b").aggregate(Aggregation.federatedAveraging().with("weighting", "none")),
            "config.aggregation.weighting: is not an option of this method"),
        arguments(
            job("a", "b")
                .aggregate(Aggregation.weightedAverage().with("weighting", "reputation"))
                .weight("a", 1),
            "config.weights: are not used by the aggregation weighted_average as the job has it"),
        arguments(
            job("a", "b").aggregate(Aggregation.multiKrum(0)).weight("a", 1),
            "config.weights: are not used by the aggregation multi_krum"),
        arguments(
            job("a", "b").aggregate(Aggregation.multiKrum(0).with("weighting", "given")),
            "config.weights: are missing, which the weighting given asks for"),
        arguments(
            job("a", "b")
                .reduce(ReductionSpec.metrics())
                .aggregate(Aggregation.metrics())
                .normClip(1),
            "config.normClip: does not go with the reduction metrics"),
        arguments(
            job("a", "b").reduce(ReductionSpec.histogram(0, 1)).aggregate(Aggregation.krum(0)),
            "config.aggregation.method: krum does not go with the reduction histogram; allowed: for"
                + " this method, a reduction of mean, sum"),
        arguments(
            job("a", "b").aggregate(Aggregation.histogram()),
            "config.aggregation.method: histogram does not go with the reduction mean"),
        arguments(
            job("a", "b").reduce(ReductionSpec.of("histogram")).aggregate(Aggregation.histogram()),
            "config.reduction.edges: is missing; allowed: 2 to 201 finite numbers in ascending"),
        arguments(
            job("a", "b").reduce(ReductionSpec.histogram(1, 1)).aggregate(Aggregation.histogram()),
            "config.reduction.edges: is not a list of ascending numbers"),
        arguments(
            job("a", "b").reduce(ReductionSpec.histogram(1)).aggregate(Aggregation.histogram()),
            "config.reduction.edges: is not a list of ascending numbers"),
        arguments(
            job("a", "b")
                .reduce(ReductionSpec.histogram(new double[202]))
                .aggregate(Aggregation.histogram()),
            "config.reduction.edges: is not a list of ascending numbers"),
        arguments(
            job("a", "b")
                .reduce(ReductionSpec.of("histogram").with("edges", List.of(1, "2")))
                .aggregate(Aggregation.histogram()),
            "config.reduction.edges: is not a list of ascending numbers"),
        arguments(
            JobSpec.collaborative("risk-model").nodes(need -> need.atMost(1)),
            "config.dataRequirements.maxNodes: is too small"),
        arguments(
            JobSpec.collaborative("risk-model").quorum(Quorum.atLeast(11)),
            "config.quorum.min: is more than the nodes that are chosen; allowed: at most 10"),
        arguments(
            JobSpec.collaborative("risk-model").nodes(need -> need.atMost(1)).nodes("a", "b"),
            "config.dataRequirements.maxNodes: is less than the nodes named"),
        arguments(
            job("a", "b")
                .reduce(ReductionSpec.metrics().with("label", "outcome"))
                .aggregate(Aggregation.metrics()),
            "config.nodes[0]: holds no data with the label column outcome"));
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void validate_unsoundJob_namesTheFieldAndWhatIsAllowed(
      CollaborativeJobBuilder job, String expected) {
    assertThat(violations(job))
        .anySatisfy(
            violation -> {
              assertThat(violation.toString()).startsWith(expected);
              assertThat(violation.code()).isEqualTo(ErrorCode.INVALID_JOB);
            });
  }

  @Test
  void validate_pluginsOwnMethods_areAsGoodAsBuiltInOnes() {
    catalog.plugin(Aggregator.class, new FirstNode());
    assertThat(
            violations(
                job("a", "b")
                    .reduce(ReductionSpec.votes())
                    .aggregate(Aggregation.of("first_node"))
                    .weight("a", 1)))
        .isEmpty();
    assertThat(violations(job("a", "b").aggregate(Aggregation.of("first_node"))))
        .extracting(Violation::path)
        .containsExactly("config.aggregation.method");
  }

  @Test
  void validate_privacyAskedFromJava_isUnsupportedAsItIsFromJson() {
    Aggregation noisy =
        Aggregation.federatedAveraging().with("differentialPrivacy", Map.of("enabled", true));
    assertThat(violations(job("a", "b").aggregate(noisy)))
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.path()).isEqualTo("config.aggregation.differentialPrivacy");
              assertThat(violation.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
            });
  }

  /** A plugin's aggregator that takes row-level answers. */
  private static final class FirstNode implements Aggregator {
    @Override
    public String name() {
      return "first_node";
    }

    @Override
    public Set<String> reductions() {
      return Set.of("votes");
    }

    @Override
    public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
      throw new UnsupportedOperationException("never runs here");
    }
  }
}
