package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.ComparativeJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights that are learned from rows whose labels are known. */
class GoldStandardTest extends ComparativeFixture {
  private static final Consensus LEARNING =
      Consensus.weightedVote().with(Consensus.GOLD_CABINET, "patients");

  private static Partial metrics(List<String> labels, long... confusion) {
    return new MetricCounts(labels, confusion, Optional.empty(), new long[0], new long[0])
        .toPartial();
  }

  @ParameterizedTest
  @CsvSource({"97, 1, 3.891820", "49, 49, 0", "10, 88, 0", "0, 0, 0"})
  void weight_ofTwoClasses_isTheLogarithmOfTheOdds(long hits, long misses, double expected) {
    Partial partial = metrics(LABELS, hits, misses, 0, 0);
    double weight = GoldStandard.weight(partial.values(), partial.samples(), model("m1"));
    assertThat(weight).isPositive().isCloseTo(expected, within(1e-6));
  }

  @Test
  void weight_ofThreeClasses_isRelativeToGuessing() {
    List<String> labels = List.of("a", "b", "c");
    Partial third = metrics(labels, 9, 10, 10, 0, 0, 0, 0, 0, 0);
    Partial half = metrics(labels, 10, 0, 0, 0, 10, 9, 0, 10, 10);
    var model = FakeCatalog.riskModel("m").withLabels(labels);
    assertThat(GoldStandard.weight(third.values(), third.samples(), model))
        .isEqualTo(Double.MIN_NORMAL);
    // 31 hits and 21 misses counted: log(2 · 31 / 21).
    assertThat(GoldStandard.weight(half.values(), half.samples(), model))
        .isCloseTo(Math.log(62 / 21.), within(1e-12));
  }

  /** Votes, and on the gold cabinet so many hits of a hundred rows; none fails. */
  private static Function<Task, Optional<TaskResult>> nodes(Map<String, Long> hits) {
    return task -> {
      if (!task.step().startsWith("gold/")) {
        return voting(Map.of("m1", "bm", "m2", "mb", "m3", "mb")).apply(task);
      }
      Long right = hits.get(modelOf(task));
      if (right == null) {
        return Optional.of(FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "no metrics"));
      }
      Partial partial = metrics(LABELS, right, 100 - right, 0, 0);
      return Optional.of(TaskResult.success("n1", partial.values(), partial.samples(), 1));
    };
  }

  @Test
  void execute_goldCabinet_weighsModelsByWhatTheyGotRight() {
    FakeContext context = FakeContext.of(catalog, nodes(Map.of("m1", 95L, "m2", 60L, "m3", 60L)));
    Completed done = (Completed) ENGINE.execute(spec(job().consensus(LEARNING)), context);
    assertThat(done.output().decisions())
        .extracting(decision -> decision.label().orElse(""))
        .containsExactly("benign", "malignant");
    double good = Math.log(96 / 6.);
    double poor = Math.log(61 / 41.);
    assertThat(done.evidence().votes().get(0).weight()).isCloseTo(good, within(1e-12));
    assertThat(done.evidence().votes().get(1).weight()).isCloseTo(poor, within(1e-12));
    assertThat(done.output().decisions().get(0).agreement())
        .isCloseTo(good / (good + 2 * poor), within(1e-12));
    Task test = context.tasks.get("gold/m2");
    assertThat(test.input()).isEqualTo(TaskInput.Cabinet.named("patients"));
    assertThat(test.reduction()).contains(ReductionSpec.metrics().with("probabilities", false));
  }

  @Test
  void execute_modelThatCannotBeTried_hasFailed() {
    FakeContext context = FakeContext.of(catalog, nodes(Map.of("m1", 95L, "m3", 60L)));
    Completed done = (Completed) ENGINE.execute(spec(job().consensus(LEARNING)), context);
    ModelVotes left = done.evidence().votes().get(1);
    assertThat(left.weight()).isZero();
    assertThat(left.error().orElseThrow().code()).isEqualTo(ErrorCode.POLICY_DENIED);
  }

  static Stream<Arguments> unsound() {
    return Stream.of(
        Arguments.of(job().consensus(LEARNING), ""),
        Arguments.of(
            job().consensus(LEARNING.with("goldCabinet", "none")),
            "consensus.goldCabinet: is no cabinet with a label column on the node n1"),
        Arguments.of(
            job().consensus(LEARNING.with("goldCabinet", 1)),
            "consensus.goldCabinet: has the wrong type"),
        Arguments.of(
            job().consensus(LEARNING.weights(Map.of("m1", 2.0))),
            "consensus.weights: stand beside goldCabinet"),
        Arguments.of(
            JobSpec.comparative("m1", "m2").consensus(LEARNING),
            "consensus.goldCabinet: is given, but no node is named"),
        Arguments.of(
            job().consensus(Consensus.majorityVote().with("goldCabinet", "patients")),
            "consensus.goldCabinet: is not an option of this method"));
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void validate_goldCabinetThatCannotBeHeeded_isAViolation(
      ComparativeJobBuilder job, String expected) {
    Violations violations = Violations.none();
    ENGINE.validate(spec(job), catalog, violations);
    assertThat(violations.list().stream().map(Violation::toString).findFirst().orElse(""))
        .startsWith(expected);
    assertThat(violations.list().isEmpty()).isEqualTo(expected.isEmpty());
  }
}
