package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeRequirements.ModelNeed;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparativeEngineTest extends ComparativeFixture {
  @Test
  void execute_majorityVote_decidesEveryRowAndKeepsTheVotes() {
    FakeContext context = FakeContext.of(catalog, voting(VOTES));
    Completed done = (Completed) ENGINE.execute(spec(job()), context);
    List<Decision> decisions = done.output().decisions();
    assertThat(decisions)
        .extracting(Decision::row)
        .containsExactly("row0", "row1", "row2", "row3", "row4");
    assertThat(decisions)
        .extracting(d -> d.label().orElse(""))
        .containsExactly("benign", "malignant", "malignant", "", "");
    assertThat(decisions)
        .extracting(Decision::status)
        .containsExactly(
            DecisionStatus.REACHED,
            DecisionStatus.REACHED,
            DecisionStatus.REACHED,
            DecisionStatus.ABSTAINED,
            DecisionStatus.TIE);
    assertThat(done.evidence().votes())
        .extracting(ModelVotes::modelId)
        .containsExactly("m1", "m2", "m3");
    assertThat(done.evidence().votes().get(1).labels())
        .containsExactly("benign", "malignant", "malignant", "", "benign");
    assertThat(done.evidence().votes().get(1).nodeId()).isEqualTo("n1");
    assertThat(done.evidence().agreement().orElseThrow().mean())
        .isCloseTo((1 + 2 / 3. + 2 / 3. + 0 + .5) / 5, within(1e-12));
    // Three rows with all votes: bbb, bmm, mmb. P = 5/9, shares 5/9 and 4/9: Pe = 41/81.
    assertThat(done.evidence().agreement().orElseThrow().fleissKappa().orElseThrow())
        .isCloseTo((45 - 41) / (81 - 41.), within(1e-12));
    assertThat(context.progress).containsExactly("0/4", "3/4", "4/4");
    assertThat(context.tasks.get("vote/m1").reduction())
        .contains(ReductionSpec.votes().with("probabilities", true));
  }

  @Test
  void execute_severalNodes_spreadsTheModelsAndWeighsByReputation() {
    FakeContext context = FakeContext.of(catalog, voting(VOTES));
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(
                    JobSpec.comparative("m1", "m2", "m3")
                        .nodes("n1", "n2")
                        .cabinet("patients")
                        .consensus(Consensus.weightedVote())),
                context);
    assertThat(done.evidence().votes())
        .extracting(ModelVotes::nodeId)
        .containsExactly("n1", "n2", "n1");
    assertThat(done.evidence().votes()).extracting(ModelVotes::weight).containsExactly(.9, .5, .9);
    assertThat(done.output().decisions().get(1).agreement()).isCloseTo(1.4 / 2.3, within(1e-12));
  }

  @Test
  void execute_nodesWithDifferentData_fails() {
    catalog.node("n3", .5, FakeCatalog.cabinet("patients", "different"));
    ComparativeSpec spec =
        spec(JobSpec.comparative("m1", "m2").nodes("n1", "n3").cabinet("patients"));
    assertThatThrownBy(() -> ENGINE.execute(spec, FakeContext.of(catalog, voting(VOTES))))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining("n3");
  }

  @Test
  void execute_rowsInAnotherOrder_areLinedUp() {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                modelOf(task).equals("m1")
                    ? votes(task, List.of("x", "y"), List.of("benign", "malignant"))
                    : votes(task, List.of("y", "x"), List.of("malignant", "benign")));
    Completed done = (Completed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    assertThat(done.output().decisions())
        .extracting(d -> d.row() + " " + d.label().orElse("") + " " + d.agreement())
        .containsExactly("x benign 1.0", "y malignant 1.0");
    assertThat(done.evidence().votes().get(2).labels()).containsExactly("benign", "malignant");
  }

  @ParameterizedTest
  @ValueSource(strings = {"m1", "m2", "m3"})
  void execute_modelThatVotesOnOtherRowsThanMost_isRecordedAndLeftOut(String other) {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                votes(
                    task,
                    List.of("x", modelOf(task).equals(other) ? "z" : "y"),
                    List.of("benign", "benign")));
    Completed done = (Completed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    assertThat(done.output().decisions()).extracting(Decision::row).containsExactly("x", "y");
    assertThat(done.evidence().votes())
        .filteredOn(votes -> votes.error().isPresent())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.modelId()).isEqualTo(other);
              assertThat(left.weight()).isZero();
              assertThat(left.labels()).isEmpty();
              assertThat(left.error().orElseThrow().code()).isEqualTo(ErrorCode.INVALID_DATA);
            });
  }

  @Test
  void execute_modelsThatAllVoteOnOtherRows_haveNoConsensus() {
    Function<Task, Optional<TaskResult>> nodes =
        task -> Optional.of(votes(task, List.of("x", modelOf(task)), List.of("benign", "benign")));
    Failed failed = (Failed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.NO_CONSENSUS);
    assertThat(failed.error().message())
        .startsWith("models: 1 of 3 answered, 2 are needed: m2: INVALID_DATA: rows: are not those");
  }

  static Stream<Arguments> badVotes() {
    return Stream.of(
        arguments(Map.of("labels", Tensor.ofStrings(List.of("benign"))), "no row_ids"),
        arguments(Map.of("row_ids", Tensor.ofStrings(List.of("a"))), "no labels"),
        arguments(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of("a", "a")),
                "labels", Tensor.ofStrings(List.of("benign", "benign"))),
            "repeat a row"),
        arguments(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of("a", "b")),
                "labels", Tensor.ofStrings(List.of("benign"))),
            "one label for each row"),
        arguments(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of("a")),
                "labels", Tensor.ofStrings(List.of("evil"))),
            "not declared"),
        arguments(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of("a")),
                "labels", Tensor.ofStrings(List.of("benign")),
                "probabilities", Tensor.ofDoubles(new double[] {2, -1}, 1, 2)),
            "probabilities of another form"),
        arguments(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of()),
                "labels", Tensor.ofStrings(List.of())),
            "about no rows"));
  }

  @ParameterizedTest
  @MethodSource("badVotes")
  void execute_modelWithBadVotes_isEvidenceWithWeightZero(
      Map<String, Tensor> outputs, String problem) {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            modelOf(task).equals("m2")
                ? Optional.of(TaskResult.success("n1", outputs, 1, 1))
                : voting(VOTES).apply(task);
    Completed done = (Completed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    ModelVotes bad = done.evidence().votes().get(1);
    assertThat(bad.weight()).isZero();
    assertThat(bad.labels()).isEmpty();
    assertThat(bad.error().orElseThrow().message()).contains(problem);
    assertThat(done.evidence().votes().get(2).weight()).isEqualTo(1);
    assertThat(done.output().decisions()).hasSize(5);
  }

  @Test
  void execute_lessThanTwoModelsAnswer_isNoConsensus() {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            modelOf(task).equals("m2")
                ? voting(VOTES).apply(task)
                : Optional.of(
                    FakeContext.failure("n1", ErrorCode.INFERENCE_FAILED, "the model failed"));
    Failed failed = (Failed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.NO_CONSENSUS);
    assertThat(failed.error().message())
        .contains("1 of 3", "m1: INFERENCE_FAILED: the model failed", "m3: ");
  }

  @Test
  void execute_policyThatKeepsProbabilities_isAskedForTheLabelsAlone() {
    Function<Task, Optional<TaskResult>> nodes =
        task -> {
          boolean all =
              task.reduction().orElseThrow().options().flag("probabilities").orElseThrow();
          return all && modelOf(task).equals("m2")
              ? Optional.of(FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "probabilities"))
              : voting(VOTES).apply(task);
        };
    FakeContext context = FakeContext.of(catalog, nodes);
    Completed done = (Completed) ENGINE.execute(spec(job()), context);
    assertThat(done.evidence().votes()).allMatch(votes -> votes.weight() == 1);
    assertThat(context.journal.sent).containsExactly("vote/m1", "vote/m2", "vote/m3", "label/m2");
  }

  @Test
  void execute_probabilitiesInAModelsOwnOrder_areMovedToTheJobsClasses() {
    catalog.model(FakeCatalog.riskModel("m2").withLabels(List.of("malignant", "benign")));
    Function<Task, Optional<TaskResult>> nodes =
        task -> {
          TaskResult.Success votes =
              (TaskResult.Success) votes(task, List.of("x"), List.of("benign"));
          Map<String, Tensor> outputs = new LinkedHashMap<>(votes.outputs());
          outputs.put("probabilities", Tensor.ofDoubles(new double[] {.7, .3}, 1, 2));
          return Optional.of(TaskResult.success("n1", outputs, 1, 1));
        };
    Completed done = (Completed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    // m1 and m3 give benign .7, m2 gives it .3.
    assertThat(done.output().decisions().get(0).confidence().orElseThrow())
        .isCloseTo(1.7 / 3, within(1e-12));
  }

  @Test
  void execute_ownInputData_readsTheModelsOutputsAsVotes() {
    Map<String, Tensor> input = Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));
    Function<Task, Optional<TaskResult>> nodes =
        task -> {
          float lower = modelOf(task).equals("m3") ? .1f : .6f;
          Tensor risk = Tensor.ofFloats(new float[] {lower, .9f}, 2, 1);
          return Optional.of(TaskResult.success("n2", Map.of("risk", risk), 2, 1));
        };
    FakeContext context = new FakeContext(new FakeContext.Journal(), catalog, input, nodes);
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(JobSpec.comparative("m1", "m2", "m3").consensus(Consensus.weightedVote())),
                context);
    assertThat(done.output().decisions())
        .extracting(d -> d.row() + " " + d.label().orElse(""))
        .containsExactly("r1 malignant", "r2 malignant");
    assertThat(done.output().decisions().get(1).confidence().orElseThrow())
        .isCloseTo(.9, within(1e-6));
    assertThat(done.evidence().votes()).extracting(ModelVotes::weight).containsOnly(.5);
    Task task = context.tasks.get("vote/m1");
    assertThat(task.reduction()).isEmpty();
    assertThat(((Task.Placement.Anywhere) task.placement()).requirements().model())
        .map(ModelNeed::id)
        .contains("m1");
  }

  @Test
  void execute_ownInputDataWithNames_votesOnThemUnderThose() {
    Map<String, Tensor> rows = Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));
    Map<String, Tensor> input = new LinkedHashMap<>(rows);
    input.put("row_ids", Tensor.ofStrings(List.of("p7", "p9")));
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                TaskResult.success(
                    "n2", Map.of("risk", Tensor.ofFloats(new float[] {.1f, .9f}, 2, 1)), 2, 1));
    FakeContext context = new FakeContext(new FakeContext.Journal(), catalog, input, nodes);
    Completed done = (Completed) ENGINE.execute(spec(JobSpec.comparative("m1", "m2")), context);
    assertThat(done.output().decisions())
        .extracting(d -> d.row() + " " + d.label().orElse(""))
        .containsExactly("p7 benign", "p9 malignant");
    assertThat(context.tasks.get("vote/m1").input()).isEqualTo(new TaskInput.Tensors(rows));
  }

  @Test
  void execute_ownInputDataThatIsMissing_fails() {
    assertThatThrownBy(
            () ->
                ENGINE.execute(
                    spec(JobSpec.comparative("m1", "m2")), FakeContext.of(catalog, voting(VOTES))))
        .hasMessageContaining("inputData: is missing");
  }

  @Test
  void execute_thresholdAndLabelsOfTheJob_reachTheNodes() {
    catalog.model(FakeCatalog.riskModel("m1"));
    FakeContext context = FakeContext.of(catalog, voting(VOTES));
    Consensus plain = Consensus.majorityVote().labels("benign", "malignant");
    ENGINE.execute(
        spec(
            job()
                .consensus(
                    new Consensus(
                        plain.method(),
                        plain.minAgreement(),
                        plain.weights(),
                        plain.tie(),
                        Optional.of(.3),
                        plain.labels(),
                        plain.reviewTimeout(),
                        plain.onReviewTimeout(),
                        plain.options()))),
        context);
    assertThat(context.tasks.get("vote/m1").reduction().orElseThrow().options().asMap())
        .isEqualTo(Map.of("threshold", .3, "labels", LABELS, "probabilities", true));
    assertThat(context.tasks.get("vote/m2").reduction().orElseThrow().options().asMap())
        .isEqualTo(Map.of("threshold", .3, "probabilities", true));
  }

  @Test
  void execute_nodeThatIsNotEligible_failsItsModelsOnly() {
    FakeContext context = FakeContext.of(catalog, voting(VOTES)).ineligible("n2");
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(JobSpec.comparative("m1", "m2", "m3").nodes("n1", "n2").cabinet("patients")),
                context);
    ModelVotes left = done.evidence().votes().get(1);
    assertThat(left.error().orElseThrow().code()).isEqualTo(ErrorCode.NO_ELIGIBLE_NODE);
    assertThat(left.nodeId()).isEqualTo("n2");
  }

  @Test
  void execute_anyOrderOfArrival_givesTheSameResult() {
    PatternResult reference = ENGINE.execute(spec(job()), FakeContext.of(catalog, voting(VOTES)));
    for (long seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      FakeContext shuffled =
          FakeContext.of(catalog, voting(VOTES))
              .arriving(
                  tasks -> {
                    List<Task> order = new ArrayList<>(tasks);
                    Collections.shuffle(order, random);
                    return order;
                  });
      assertThat(ENGINE.execute(spec(job()), shuffled)).isEqualTo(reference);
    }
  }

  @Test
  void execute_aHundredThousandRows_isDecidedRowByRow() {
    List<String> rows = IntStream.range(0, 100_000).mapToObj(i -> "row" + i).toList();
    Map<String, Integer> periods = Map.of("m1", 2, "m2", 3, "m3", 5);
    Function<Task, Optional<TaskResult>> nodes =
        task -> {
          int period = periods.get(modelOf(task));
          List<String> labels =
              IntStream.range(0, rows.size())
                  .mapToObj(i -> LABELS.get(i % period == 0 ? 1 : 0))
                  .toList();
          return Optional.of(votes(task, rows, labels));
        };
    Completed done = (Completed) ENGINE.execute(spec(job()), FakeContext.of(catalog, nodes));
    List<Decision> decisions = done.output().decisions();
    assertThat(decisions).hasSize(100_000);
    assertThat(decisions.get(6).label()).contains("malignant");
    assertThat(decisions.get(7).label()).contains("benign");
    // Divisible by two of 2, 3, 5: of every 30 rows 0, 6, 10, 12, 15, 18, 20, 24; of the last 10
    // rows 0, 6.
    assertThat(decisions.stream().filter(d -> d.label().get().equals("malignant")).count())
        .isEqualTo(26_666);
  }
}
