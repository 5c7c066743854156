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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private List<Violation> violations(CollaborativeJobBuilder job) {
    Violations violations = Violations.none();
    new CollaborativeEngine()
        .validate((CollaborativeSpec) job.build().config(), catalog, violations.at("config"));
    return violations.list();
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
            "config.aggregation.method: is not a known method; allowed: federated_averaging,"
                + " median, metrics, sum, weighted_average"),
        arguments(
            job("a", "b").reduce(ReductionSpec.of("mode")),
            "config.reduction.method: is not a known method; allowed: mean, metrics, none, sum,"
                + " votes"),
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

  @ParameterizedTest
  @ValueSource(strings = {"trimmed_mean", "krum", "multi_krum", "bulyan", "histogram"})
  void validate_methodOfTheContractThatIsNotBuilt_isUnsupported(String method) {
    assertThat(violations(job("a", "b").aggregate(Aggregation.of(method))))
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.path()).isEqualTo("config.aggregation.method");
              assertThat(violation.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
            });
  }

  @Test
  void validate_histogramReduction_isUnsupported() {
    assertThat(violations(job("a", "b").reduce(ReductionSpec.of("histogram"))))
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.path()).isEqualTo("config.reduction.method");
              assertThat(violation.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
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
