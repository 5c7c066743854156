package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.ReviewRecord;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.EngineCrashHarness.Report;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.JobOutcome;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** The engines on the real orchestrator, killed before and after each of its commits. */
public abstract class OrchestratedEngines extends OrchestratedSuite {
  private static final List<String> LABELS = List.of("benign", "malignant");

  private EngineCrashHarness harness(JobSpec job) {
    return onStore(EngineCrashHarness.of(job));
  }

  private static ModelDescriptor model(String id, String input, String output) {
    return FakeModels.model(
            id,
            new Signature(
                List.of(TensorSpec.of(input, DataType.FP64, -1, 1)),
                List.of(TensorSpec.of(output, DataType.FP64, -1, 1))))
        .withLabels(LABELS);
  }

  private static NodeProfile profile(String id) {
    return FakeProfile.of(id)
        .formats(FakeModels.FORMAT)
        .dataSet(FakeCatalog.cabinet("patients", "same"))
        .actions("book", "unbook")
        .build();
  }

  private static Map<String, Tensor> risk(double... values) {
    return Map.of("risk", Tensor.ofDoubles(values));
  }

  private static Map<String, Tensor> votes(String... labels) {
    Map<String, Tensor> votes = new LinkedHashMap<>();
    votes.put("row_ids", Tensor.ofStrings(List.of("x", "y", "z").subList(0, labels.length)));
    votes.put("labels", Tensor.ofStrings(List.of(labels)));
    return votes;
  }

  @Test
  void collaborative_crashedAnywhere_comesToTheSameMean() {
    Report report =
        harness(
                JobSpec.collaborative("m")
                    .nodes("c", "a", "b")
                    .cabinet("patients")
                    .reduce(ReductionSpec.mean())
                    .build())
            .model(model("m", "x", "risk"))
            .node(
                env -> new FakeNode(profile("a"), env).on("m", Reply.answer(risk(.2)).samples(10)))
            .node(
                env ->
                    new FakeNode(profile("b"), env)
                        .on(
                            "m",
                            Reply.fail(ErrorCode.NODE_LOST),
                            Reply.answer(risk(.5)).samples(20)))
            .node(
                env -> new FakeNode(profile("c"), env).on("m", Reply.answer(risk(.8)).samples(10)))
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().output().orElseThrow().tensors().get("risk").toDoubles())
        .containsExactly(new double[] {.5}, within(1e-12));
    assertThat(report.outcome().evidence().orElseThrow().contributions())
        .extracting(c -> c.nodeId() + " " + c.weight() + " " + c.accepted())
        .containsExactly("a 0.25 true", "b 0.5 true", "c 0.25 true");
    assertThat(report.crashes()).isPositive();
  }

  /** A node whose rows want the parameter at {@code place}: the gradient is the way from there. */
  private static Reply towards(double place) {
    return Reply.answer(
        task -> {
          Map<String, Tensor> parameters = ((TaskInput.Cabinet) task.input()).parameters();
          double w = parameters.get("w").toDoubles()[0];
          return Map.of("gradient", Tensor.ofDoubles(new double[] {w - place}));
        });
  }

  private EngineCrashHarness inRounds(Rounds rounds) {
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", DataType.FP64, -1, 1), TensorSpec.of("w", DataType.FP64, 1)),
            List.of(TensorSpec.of("gradient", DataType.FP64, -1, 1)));
    return harness(
            JobSpec.collaborative("m")
                .nodes("a", "b")
                .cabinet("patients")
                .rounds(rounds.update("w", Update.gradient("gradient")))
                .input("w", Tensor.ofDoubles(new double[] {0}))
                .build())
        .model(FakeModels.model("m", signature))
        .node(env -> new FakeNode(profile("a"), env).on("m", towards(1).samples(10)))
        .node(
            env ->
                new FakeNode(profile("b"), env)
                    .on("round-2/b", Reply.fail(ErrorCode.NODE_LOST), towards(4).samples(20))
                    .on("m", towards(4).samples(20)));
  }

  @Test
  void collaborativeInRounds_crashedAnywhere_comesToTheSameParameters() {
    Report report =
        inRounds(Rounds.momentum(4).with("learningRate", 0.5).with("momentum", 0.5)).run();
    // The weighted mean is 3: from 0 by 1.5, then 0.75 + 0.75, then 0.75 + 0, then 0.375 - 0.375.
    assertThat(report.outcome().output().orElseThrow().tensors().get("w").toDoubles())
        .containsExactly(new double[] {3.75}, within(1e-12));
    assertThat(report.outcome().evidence().orElseThrow().details().asMap().get("rounds"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(4);
    // The choice of the nodes, and a group and two tasks in each round.
    assertThat(report.steps()).isGreaterThanOrEqualTo(8);
    assertThat(report.crashes()).isPositive();
  }

  @Test
  void collaborativeInRounds_thatCannotGoOn_failsTheSameAfterEveryCrash() {
    Report report = inRounds(Rounds.fedAvg(4).with("learningRate", 1e308)).run();
    assertThat(report.outcome().error().orElseThrow().message())
        .isEqualTo("round 1: the parameters overflow the range of FP64");
  }

  @Test
  void collaborative_nodeThatAnswersNaN_failsTheSameAfterEveryCrash() {
    Report report =
        harness(JobSpec.collaborative("m").nodes("a", "b").cabinet("patients").build())
            .model(model("m", "x", "risk"))
            .node(env -> new FakeNode(profile("a"), env).on("m", Reply.answer(risk(.2))))
            .node(env -> new FakeNode(profile("b"), env).on("m", Reply.answer(risk(.2)).withNaN()))
            .run();
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
    assertThat(report.outcome().error().orElseThrow().message())
        .contains("b: it has numbers that are not finite");
  }

  @Test
  void comparative_crashedAnywhere_isReviewedOnce() {
    Report report =
        harness(
                JobSpec.comparative("m1", "m2", "m3")
                    .nodes("a", "b")
                    .cabinet("patients")
                    .consensus(Consensus.expertReview().minAgreement(.9))
                    .build())
            .model(model("m1", "x", "risk"))
            .model(model("m2", "x", "risk"))
            .model(model("m3", "x", "risk"))
            .node(
                env ->
                    new FakeNode(profile("a"), env)
                        .on("m1", Reply.answer(votes("benign", "benign", "")))
                        .on("vote/m3", Reply.fail(ErrorCode.POLICY_DENIED))
                        .on("label/m3", Reply.answer(votes("benign", "malignant", "malignant"))))
            .node(
                env ->
                    new FakeNode(profile("b"), env)
                        .on("m2", Reply.answer(votes("benign", "malignant", "malignant"))))
            .same((a, b) -> withoutTimes(a).equals(withoutTimes(b)))
            .expert(request -> new Review("Ada", Map.of("y", "malignant"), Optional.empty()))
            .run();
    assertThat(report.outcome().output().orElseThrow().decisions())
        .extracting(d -> d.row() + " " + d.label().orElse("") + " " + d.status())
        .containsExactly(
            "x benign " + DecisionStatus.REACHED,
            "y malignant " + DecisionStatus.REVIEWED,
            "z malignant " + DecisionStatus.REACHED);
    assertThat(report.outcome().evidence().orElseThrow().reviews()).hasSize(1);
  }

  /** When an expert answers depends on how long a crash held the job up. */
  private static JobOutcome withoutTimes(JobOutcome outcome) {
    Evidence evidence = outcome.evidence().orElseThrow();
    return new JobOutcome(
        outcome.state(),
        outcome.output(),
        Optional.of(
            Evidence.ofVotes(
                evidence.method(),
                evidence.votes(),
                evidence.agreement().orElseThrow(),
                evidence.reviews().stream()
                    .map(r -> new ReviewRecord(r.reviewer(), Instant.EPOCH, r.rows(), r.note()))
                    .toList())),
        outcome.trace(),
        outcome.error());
  }

  private static Map<String, Tensor> next(Map<String, Tensor> input, String output) {
    double[] values = input.values().iterator().next().toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] += 1;
    }
    return Map.of(output, Tensor.ofDoubles(values, values.length, 1));
  }

  private static Reply adding(String output) {
    return Reply.answer(task -> next(((TaskInput.Tensors) task.input()).tensors(), output));
  }

  private EngineCrashHarness pipeline(Reply first, Reply second) {
    return harness(
            JobSpec.chained()
                .step("Normalise", "normalise", step -> step.node("a"))
                .action("Book", "book", step -> step.node("a").rollback(Rollback.action("unbook")))
                .step(
                    "Diagnosis",
                    "diagnosis",
                    step -> step.node("a").from("step_1_output").timeout(Duration.ofSeconds(5)))
                .onFailure(ErrorHandling.rollbackAndRetry(1))
                .input("raw", Tensor.ofDoubles(new double[] {1}, 1, 1))
                .build())
        .model(model("normalise", "raw", "normalised"))
        .model(model("diagnosis", "normalised", "risk"))
        .node(
            env ->
                new FakeNode(profile("a"), env)
                    .on("normalise", adding("normalised"))
                    .on("a1/s3", first)
                    .on("a2/s3", second)
                    .on("book", Reply.answer(Map.of("booked", Tensor.scalar(1))))
                    .on("unbook", Reply.answer(Map.of())));
  }

  private static List<String> lines(List<TraceStep> trace) {
    return trace.stream().map(t -> t.step() + " " + t.status() + " a" + t.attempt()).toList();
  }

  @Test
  void chained_crashedAnywhereInARetry_undoesAndDoesEverythingOnce() {
    Report report = pipeline(Reply.fail(ErrorCode.INFERENCE_FAILED), adding("risk")).run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().output().orElseThrow().tensors().get("risk").toDoubles())
        .containsExactly(3);
    assertThat(lines(report.outcome().trace()))
        .containsExactly(
            "1 DONE a1",
            "2 DONE a1",
            "3 FAILED a1",
            "2 " + TraceStatus.ROLLED_BACK + " a1",
            "1 DONE a2",
            "2 DONE a2",
            "3 DONE a2");
  }

  @Test
  void chained_thatFailsInTheEnd_isUndoneAfterEveryCrash() {
    Report report =
        pipeline(Reply.fail(ErrorCode.INFERENCE_FAILED), Reply.fail(ErrorCode.INFERENCE_FAILED))
            .run();
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(lines(report.outcome().trace()))
        .containsExactly(
            "1 DONE a1",
            "2 DONE a1",
            "3 FAILED a1",
            "2 ROLLED_BACK a1",
            "1 DONE a2",
            "2 DONE a2",
            "3 FAILED a2",
            "2 ROLLED_BACK a2");
  }

  @Test
  void chained_withConditions_skipsTheSameStepsAfterEveryCrash() {
    Report report =
        harness(
                JobSpec.chained()
                    .step("Normalise", "normalise", step -> step.node("a"))
                    .step(
                        "Urgent",
                        "diagnosis",
                        step -> step.node("a").when("any(step_1_output.normalised > 5)"))
                    .step(
                        "Usual",
                        "diagnosis",
                        step ->
                            step.node("a")
                                .from("step_1_output")
                                .when("not any(step_1_output.normalised > 5)"))
                    .input("raw", Tensor.ofDoubles(new double[] {1}, 1, 1))
                    .build())
            .model(model("normalise", "raw", "normalised"))
            .model(model("diagnosis", "normalised", "risk"))
            .node(
                env ->
                    new FakeNode(profile("a"), env)
                        .on("normalise", adding("normalised"))
                        .on("diagnosis", adding("risk")))
            .run();
    assertThat(lines(report.outcome().trace()))
        .containsExactly("1 DONE a1", "2 " + TraceStatus.SKIPPED + " a1", "3 DONE a1");
    assertThat(report.outcome().output().orElseThrow().tensors().get("risk").toDoubles())
        .containsExactly(3);
    assertThat(report.crashes()).isPositive();
  }

  @Test
  void chained_outOfTime_isUndoneWithItsTrace() {
    Report report =
        harness(
                JobSpec.chained()
                    .action(
                        "Book",
                        "book",
                        step ->
                            step.node("a")
                                .from(PipelineStep.CLIENT_DATA)
                                .rollback(Rollback.action("unbook")))
                    .step("Diagnosis", "diagnosis", step -> step.node("a").from("client_data"))
                    .timeout(Duration.ofSeconds(10))
                    .input("normalised", Tensor.ofDoubles(new double[] {1}, 1, 1))
                    .build())
            .model(model("diagnosis", "normalised", "risk"))
            .node(
                env ->
                    new FakeNode(profile("a"), env)
                        .on("book", Reply.answer(Map.of()))
                        .on("unbook", Reply.answer(Map.of()))
                        .on("diagnosis", Reply.hang()))
            .same(OrchestratedEngines::endsAlike)
            .run();
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.JOB_TIMEOUT);
    assertThat(lines(report.outcome().trace())).contains("1 DONE a1", "1 ROLLED_BACK a1");
  }

  /**
   * Whether the job's time or the step that it cancelled is told first is a race of the
   * orchestrator; the engine's part is that all is undone.
   */
  private static boolean endsAlike(JobOutcome a, JobOutcome b) {
    return effects(a).equals(effects(b));
  }

  private static List<String> effects(JobOutcome outcome) {
    return lines(outcome.trace()).stream().filter(line -> line.startsWith("1 ")).toList();
  }
}
