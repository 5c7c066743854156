package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.Agreement;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Comparative jobs over models that answer numbers. */
class RegressionVoteTest extends ComparativeFixture {
  private static final double NONE = Double.NaN;
  private static final Consensus MEAN = Consensus.mean().absoluteTolerance(1);
  private static final Map<String, double[]> NUMBERS =
      Map.of(
          "m1", new double[] {1, 10, NONE, NONE},
          "m2", new double[] {2, 11, 7, NONE},
          "m3", new double[] {3, 90, 8, NONE});

  @BeforeEach
  void regressions() {
    List.of("m1", "m2", "m3").forEach(id -> catalog.model(FakeCatalog.riskModel(id)));
  }

  private static Map<String, Tensor> partial(List<String> rows, double... numbers) {
    Map<String, Tensor> partial = new LinkedHashMap<>();
    partial.put("row_ids", Tensor.ofStrings(rows));
    partial.put("numbers", Tensor.ofDoubles(numbers));
    return partial;
  }

  private static Function<Task, Optional<TaskResult>> numbers() {
    return task ->
        Optional.of(
            TaskResult.success(
                FakeContext.nodeOf(task),
                partial(List.of("a", "b", "c", "d"), NUMBERS.get(modelOf(task))),
                4,
                1));
  }

  @Test
  void execute_regressionsOnACabinet_decidesNumbersAndKeepsThem() {
    FakeContext context = FakeContext.of(catalog, numbers());
    Completed done = (Completed) ENGINE.execute(spec(job().consensus(MEAN)), context);
    assertThat(done.output().decisions())
        .containsExactly(
            Decision.ofValue("a", Optional.of(2.0), 1, DecisionStatus.REACHED),
            Decision.ofValue("b", Optional.empty(), 0, DecisionStatus.BELOW_AGREEMENT),
            Decision.ofValue("c", Optional.of(7.5), 1, DecisionStatus.REACHED),
            Decision.ofValue("d", Optional.empty(), 0, DecisionStatus.ABSTAINED));
    assertThat(done.evidence().method()).isEqualTo("mean");
    assertThat(done.evidence().votes())
        .extracting(ModelVotes::values)
        .containsExactly(
            List.of(1., 10., NONE, NONE), List.of(2., 11., 7., NONE), List.of(3., 90., 8., NONE));
    assertThat(done.evidence().votes()).allMatch(votes -> votes.labels().isEmpty());
    Agreement agreement = done.evidence().agreement().orElseThrow();
    assertThat(agreement.mean()).isCloseTo(.5, within(1e-12));
    assertThat(agreement.fleissKappa()).isEmpty();
    assertThat(agreement.krippendorffAlpha().orElseThrow()).isLessThan(1);
    assertThat(agreement.pairs())
        .extracting(pair -> pair.share().orElseThrow())
        .containsExactly(1., 0., 2 / 3.);
    assertThat(context.tasks.get("vote/m1").reduction()).contains(ReductionSpec.of("numbers"));
    assertThat(context.journal.sent).containsExactly("vote/m1", "vote/m2", "vote/m3");
  }

  @Test
  void execute_rowsInAnotherOrder_areLinedUp() {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                TaskResult.success(
                    "n1",
                    modelOf(task).equals("m1")
                        ? partial(List.of("a", "b"), 1, 5)
                        : partial(List.of("b", "a"), 5, 1),
                    2,
                    1));
    Completed done =
        (Completed) ENGINE.execute(spec(job().consensus(MEAN)), FakeContext.of(catalog, nodes));
    assertThat(done.output().decisions())
        .extracting(d -> d.row() + d.value().orElseThrow())
        .containsExactly("a1.0", "b5.0");
  }

  @Test
  void execute_ownInputData_readsTheModelsOutputsAsNumbers() {
    Map<String, Tensor> input = Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                TaskResult.success(
                    "n2",
                    modelOf(task).equals("m3")
                        ? Map.of("count", Tensor.ofLongs(new long[] {40, 41}))
                        : Map.of("risk", Tensor.ofFloats(new float[] {40, Float.NaN}, 2, 1)),
                    2,
                    1));
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(JobSpec.comparative("m1", "m2", "m3").consensus(MEAN)),
                new FakeContext(new FakeContext.Journal(), catalog, input, nodes));
    assertThat(done.output().decisions())
        .containsExactly(
            Decision.ofValue("r1", Optional.of(40.0), 1, DecisionStatus.REACHED),
            Decision.ofValue("r2", Optional.of(41.0), 1, DecisionStatus.REACHED));
  }

  static Stream<Arguments> badPartials() {
    return Stream.of(
        arguments(Map.of("numbers", Tensor.ofDoubles(new double[] {1})), "no row_ids"),
        arguments(Map.of("row_ids", Tensor.ofStrings(List.of("a"))), "one number for each row"),
        arguments(partial(List.of("a", "b"), 1), "one number for each row"),
        arguments(partial(List.of("a", "a"), 1, 2), "repeat a row"),
        arguments(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of("a")),
                "numbers", Tensor.ofFloats(new float[] {1})),
            "one number for each row"));
  }

  @ParameterizedTest
  @MethodSource("badPartials")
  void execute_modelWithBadNumbers_isEvidenceWithWeightZero(
      Map<String, Tensor> outputs, String problem) {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            modelOf(task).equals("m2")
                ? Optional.of(TaskResult.success("n1", outputs, 1, 1))
                : numbers().apply(task);
    Completed done =
        (Completed) ENGINE.execute(spec(job().consensus(MEAN)), FakeContext.of(catalog, nodes));
    ModelVotes bad = done.evidence().votes().get(1);
    assertThat(bad.weight()).isZero();
    assertThat(bad.values()).isEmpty();
    assertThat(bad.error().orElseThrow().message()).contains(problem);
  }

  @Test
  void execute_policyThatKeepsNumbers_isNotAskedForAnythingElse() {
    FakeContext context =
        FakeContext.of(
            catalog,
            task -> Optional.of(FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "kept")));
    Failed failed = (Failed) ENGINE.execute(spec(job().consensus(MEAN)), context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.NO_CONSENSUS);
    assertThat(context.journal.sent).containsExactly("vote/m1", "vote/m2", "vote/m3");
  }

  @Test
  void execute_severalNodes_weighsNumbersByReputation() {
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(
                    JobSpec.comparative("m1", "m2")
                        .nodes("n1", "n2")
                        .cabinet("patients")
                        .consensus(Consensus.weightedMean().absoluteTolerance(1))),
                FakeContext.of(catalog, numbers()));
    assertThat(done.evidence().votes()).extracting(ModelVotes::weight).containsExactly(.9, .5);
    assertThat(done.output().decisions().get(0).value().orElseThrow())
        .isCloseTo((.9 * 1 + .5 * 2) / 1.4, within(1e-12));
  }

  static Stream<Arguments> readable() {
    Tensor floats = Tensor.ofFloats(new float[] {1.5f, Float.POSITIVE_INFINITY});
    Tensor whole = Tensor.ofLongs(new long[] {3, 4}, 2, 1);
    return Stream.of(
        arguments(Map.of("y", floats), "[1.5, NaN]"),
        arguments(Map.of("y", whole), "[3.0, 4.0]"),
        arguments(ordered("n", whole, "y", floats), "[1.5, NaN]"),
        arguments(ordered("two", Tensor.ofFloats(new float[4], 2, 2), "y", whole), "[3.0, 4.0]"));
  }

  private static Map<String, Tensor> ordered(String first, Tensor a, String second, Tensor b) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put(first, a);
    outputs.put(second, b);
    return outputs;
  }

  @ParameterizedTest
  @MethodSource("readable")
  void numbers_ofAnyOutputWithOneARow_areDoubles(Map<String, Tensor> outputs, String expected) {
    Partial partial = reduce(outputs);
    assertThat(partial.values()).containsOnlyKeys("row_ids", "numbers");
    assertThat(Arrays.toString(partial.values().get("numbers").toDoubles())).isEqualTo(expected);
    assertThat(partial.samples()).isEqualTo(2);
  }

  private static Partial reduce(Map<String, Tensor> outputs) {
    return Rows.reduce(
        new NumbersReduction(),
        FakeCatalog.riskModel("m"),
        ReductionSpec.of("numbers"),
        2,
        outputs);
  }

  @Test
  void numbers_ofOutputsWithoutANumberARow_areRefused() {
    for (Tensor output :
        List.of(
            Tensor.ofFloats(new float[4], 2, 2),
            Tensor.ofStrings(List.of("a", "b")),
            Tensor.ofBooleans(new boolean[2]),
            Tensor.scalar(1.0))) {
      assertThatThrownBy(() -> reduce(Map.of("y", output)))
          .hasMessageContaining("output y: there is no number for each row");
    }
  }
}
