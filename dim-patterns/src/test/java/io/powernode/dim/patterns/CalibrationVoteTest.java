package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.ComparativeJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.Calibration;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Reliability;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.Reduction.Reducer;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Comparative jobs that ask how far confidences can be believed. */
class CalibrationVoteTest extends ComparativeFixture {
  private static final Consensus JUDGED = Consensus.meanProbability().calibration("patients");
  private static final List<String> ROWS = List.of("id0", "id1", "id2", "id3");
  private static final List<String> TRUTHS = List.of("benign", "malignant", "malignant", "benign");
  private static final Map<String, double[]> RISKS =
      Map.of(
          "m1", new double[] {.05, .95, .85, .75},
          "m2", new double[] {.15, .75, .65, .55},
          "m3", new double[] {.25, .55, .45, .95});

  /** Does what a node does with the rows and their labels. */
  private static Optional<TaskResult> node(Task task) {
    ModelDescriptor model = model(modelOf(task));
    ReductionSpec spec = task.reduction().orElseThrow();
    Reducer reducer =
        switch (spec.method()) {
          case "votes" -> new VotesReduction().start(model, spec);
          case "calibration" -> new CalibrationReduction().start(model, spec);
          default -> new DecisionCalibrationReduction().start(model, spec);
        };
    reducer.accept(
        Rows.batch(4, 0, Optional.of(TRUTHS)),
        Map.of("risk", Tensor.ofDoubles(RISKS.get(model.id()), 4, 1)));
    Partial partial = reducer.finish();
    return Optional.of(
        TaskResult.success(FakeContext.nodeOf(task), partial.values(), partial.samples(), 1));
  }

  private Completed run(ComparativeJobBuilder job, FakeContext context) {
    return (Completed) ENGINE.execute(spec(job), context);
  }

  private static Reliability of(Completed done, String model) {
    return done.evidence().calibration().stream()
        .filter(c -> c.modelId().orElse("").equals(model))
        .findFirst()
        .flatMap(Calibration::reliability)
        .orElseThrow();
  }

  @Test
  void execute_calibrationOnTheRowsVotedOn_judgesModelsAndDecisions() {
    FakeContext context = FakeContext.of(catalog, CalibrationVoteTest::node);
    Completed done = run(job().consensus(JUDGED), context);
    assertThat(done.evidence().calibration())
        .extracting(c -> c.modelId().orElse("consensus"))
        .containsExactly("m1", "m2", "m3", "consensus");
    // m1 is wrong on the last row, of which it is .75 sure.
    assertThat(of(done, "m1").accuracy()).isEqualTo(.75);
    assertThat(of(done, "m1").brier())
        .isCloseTo((.05 * .05 * 2 + .15 * .15 + .75 * .75) / 4, within(1e-12));
    assertThat(of(done, "m3").accuracy()).isEqualTo(.5);
    // The means .15, .75, .65, .75: wrong on the last row only.
    Reliability consensus = of(done, "");
    assertThat(consensus.accuracy()).isEqualTo(.75);
    assertThat(consensus.confidence()).isCloseTo((.85 + .75 + .65 + .75) / 4, within(1e-12));
    assertThat(consensus.brier())
        .isCloseTo((.15 * .15 + .25 * .25 + .35 * .35 + .75 * .75) / 4, within(1e-12));
    assertThat(context.journal.sent)
        .containsExactly(
            "vote/m1",
            "vote/m2",
            "vote/m3",
            "calibration/m1",
            "calibration/m2",
            "calibration/m3",
            "consensus-calibration");
    Task judging = context.tasks.get("consensus-calibration");
    assertThat(judging.input()).isEqualTo(TaskInput.Cabinet.named("patients"));
    assertThat(judging.reduction().orElseThrow().options().asMap())
        .containsEntry("rows", ROWS)
        .containsEntry("decided", List.of("benign", "malignant", "malignant", "malignant"));
  }

  @Test
  void execute_calibrationOnAnotherCabinet_votesThereToo() {
    FakeContext context = FakeContext.of(catalog, CalibrationVoteTest::node);
    Completed done =
        run(
            JobSpec.comparative("m1", "m2", "m3")
                .nodes("n1", "n2")
                .cabinet("others")
                .consensus(JUDGED),
            context);
    assertThat(of(done, "").accuracy()).isEqualTo(.75);
    assertThat(context.journal.sent)
        .contains("calibration-vote/m1", "calibration-vote/m2", "calibration-vote/m3")
        .endsWith("consensus-calibration");
    assertThat(context.tasks.get("vote/m2").input()).isEqualTo(TaskInput.Cabinet.named("others"));
    assertThat(context.tasks.get("calibration-vote/m2").input())
        .isEqualTo(TaskInput.Cabinet.named("patients"));
    assertThat(FakeContext.nodeOf(context.tasks.get("calibration/m2"))).isEqualTo("n2");
  }

  @Test
  void execute_calibrationOfOwnInputData_isOnTheCabinet() {
    Map<String, Tensor> input = Map.of("x", Tensor.ofFloats(new float[] {1, 2}, 1, 2));
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            task.reduction().isPresent()
                ? node(task)
                : Optional.of(
                    TaskResult.success(
                        "n1", Map.of("risk", Tensor.ofDoubles(new double[] {.9}, 1, 1)), 1, 1));
    FakeContext context = new FakeContext(new FakeContext.Journal(), catalog, input, nodes);
    Completed done =
        run(JobSpec.comparative("m1", "m2", "m3").node("n1").consensus(JUDGED), context);
    assertThat(done.output().decisions()).hasSize(1);
    assertThat(of(done, "").rows()).isEqualTo(4);
  }

  private static Function<Task, Optional<TaskResult>> denying(Set<String> steps) {
    return task ->
        steps.stream().anyMatch(task.step()::startsWith)
            ? Optional.of(FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "kept"))
            : node(task);
  }

  private static List<String> told(Completed done) {
    return done.evidence().calibration().stream()
        .map(c -> c.error().map(e -> e.code() + ": " + e.message()).orElse("judged"))
        .toList();
  }

  @Test
  void execute_tablesThatThePolicyKeeps_areMissingAndSayWhy() {
    FakeContext context = FakeContext.of(catalog, denying(Set.of("calibration/m2", "consensus")));
    Completed done = run(job().consensus(JUDGED), context);
    assertThat(told(done))
        .containsExactly("judged", "POLICY_DENIED: kept", "judged", "POLICY_DENIED: kept");
    assertThat(done.output().decisions()).allMatch(decision -> decision.label().isPresent());
  }

  @Test
  void execute_decisionsWithoutConfidence_cannotBeJudged() {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            task.reduction().orElseThrow().options().flag("probabilities").orElse(false)
                ? Optional.of(FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "kept"))
                : node(task);
    FakeContext context = FakeContext.of(catalog, nodes);
    Completed done =
        run(job().consensus(Consensus.majorityVote().calibration("patients")), context);
    assertThat(told(done))
        .containsExactly(
            "judged",
            "judged",
            "judged",
            "INVALID_DATA: calibration: no decision has a confidence; allowed: models whose"
                + " probabilities the owner's policy lets out");
    assertThat(context.journal.sent).doesNotContain("consensus-calibration");
  }

  @Test
  void execute_cabinetOnWhichTooFewVote_hasNoTableOfTheConsensus() {
    FakeContext context = FakeContext.of(catalog, denying(Set.of("calibration-vote/")));
    Completed done = run(job().cabinet("others").consensus(JUDGED), context);
    assertThat(told(done).get(3)).startsWith("NO_CONSENSUS: models: 0 of 3 answered");
  }

  @Test
  void execute_nodeThatJudgesOtherRows_isNotBelieved() {
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            task.step().equals("consensus-calibration")
                ? node(
                    task.reduce(
                        DecisionCalibrationReduction.spec(
                            LABELS, List.of("id0"), List.of("benign"), List.of(.85))))
                : node(task);
    Completed done = run(job().consensus(JUDGED), FakeContext.of(catalog, nodes));
    assertThat(told(done).get(3))
        .isEqualTo("INVALID_DATA: calibration: other rows were judged than decided");
  }

  @Test
  void execute_nodesWhoseCabinetsDiffer_judgeModelsOnly() {
    catalog.node("n3", .5, FakeCatalog.cabinet("patients", "different"));
    FakeContext context = FakeContext.of(catalog, CalibrationVoteTest::node);
    Completed done =
        run(
            JobSpec.comparative("m1", "m2").nodes("n1", "n3").cabinet("others").consensus(JUDGED),
            context);
    assertThat(told(done))
        .containsExactly(
            "judged",
            "judged",
            "INVALID_DATA: calibration: nodes hold different data under the name patients: n3");
  }

  @Test
  void execute_jobCancelledWhileItIsJudged_isNotTakenForAMissingTable() {
    FakeContext context =
        FakeContext.of(catalog, CalibrationVoteTest::node).cancelledAt("consensus-calibration");
    assertThatThrownBy(() -> run(job().consensus(JUDGED), context))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }

  @Test
  void execute_learnedWeights_decideTheJudgedRowsToo() {
    Function<Task, Optional<TaskResult>> nodes =
        task -> {
          if (!task.step().startsWith("gold/")) {
            return node(task);
          }
          // Only the third model is any better than guessing.
          long hits = modelOf(task).equals("m3") ? 99 : 50;
          Partial partial =
              new MetricCounts(
                      LABELS,
                      new long[] {hits, 100 - hits, 0, 0},
                      Optional.empty(),
                      new long[0],
                      new long[0])
                  .toPartial();
          return Optional.of(TaskResult.success("n1", partial.values(), 100, 1));
        };
    Consensus learning =
        Consensus.weightedVote().with(Consensus.GOLD_CABINET, "patients").calibration("patients");
    Completed done = run(job().consensus(learning), FakeContext.of(catalog, nodes));
    assertThat(of(done, "").accuracy()).isEqualTo(of(done, "m3").accuracy()).isEqualTo(.5);
  }

  @Test
  void estimateTasks_ofACalibration_countsThem() {
    Map<ComparativeJobBuilder, Integer> jobs = new LinkedHashMap<>();
    jobs.put(job(), 3);
    jobs.put(job().consensus(JUDGED), 7);
    jobs.put(job().cabinet("others").consensus(JUDGED), 10);
    jobs.forEach(
        (job, tasks) ->
            assertThat(ENGINE.estimateTasks(spec(job), catalog)).isEqualTo(tasks.intValue()));
  }

  static Stream<Arguments> unsound() {
    CabinetDescriptor labelled = FakeCatalog.cabinet("plants", "x");
    CabinetDescriptor bare =
        new CabinetDescriptor(
            "bare",
            labelled.dataType(),
            labelled.rows(),
            labelled.columns(),
            Optional.empty(),
            Optional.empty(),
            labelled.fingerprint());
    return Stream.of(
        Arguments.of(bare, job().consensus(JUDGED), ""),
        Arguments.of(
            bare,
            job().consensus(JUDGED.calibration("nowhere")),
            "consensus.calibration: is no cabinet with a label column on the node n1"),
        Arguments.of(
            bare,
            JobSpec.comparative("m1", "m2").node("n3").consensus(JUDGED.calibration("bare")),
            "consensus.calibration: is no cabinet with a label column on the node n3"),
        Arguments.of(
            bare,
            job().consensus(JUDGED.with("calibration", true)),
            "consensus.calibration: has the wrong type; allowed: a text"),
        Arguments.of(
            bare,
            JobSpec.comparative("m1", "m2").consensus(JUDGED),
            "consensus.calibration: is given, but no node is named that holds it"),
        Arguments.of(
            FakeCatalog.cabinet("patients", "different"),
            JobSpec.comparative("m1", "m2").nodes("n1", "n3").consensus(JUDGED),
            "consensus.calibration: nodes hold different data under the name patients: n3"));
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void validate_calibrationThatCannotBe_isAViolation(
      CabinetDescriptor third, ComparativeJobBuilder job, String expected) {
    catalog.node("n3", .5, third);
    Violations violations = Violations.none();
    ENGINE.validate(spec(job), catalog, violations);
    assertThat(violations.list().stream().map(Violation::toString).findFirst().orElse(""))
        .startsWith(expected);
    assertThat(violations.list().isEmpty()).isEqualTo(expected.isEmpty());
  }
}
