package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.BlockResult;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.EngineCrashHarness.Report;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.JobOutcome;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Patterns in patterns on the real orchestrator, killed before and after each of its commits. */
public abstract class OrchestratedBlocks extends OrchestratedSuite {
  private static ModelDescriptor model(String id, String output) {
    return FakeModels.model(
            id,
            new Signature(
                List.of(TensorSpec.of("raw", DataType.FP64, -1)),
                List.of(TensorSpec.of(output, DataType.INT64, -1))))
        .withLabels(List.of("no", "yes"));
  }

  private static NodeProfile profile() {
    return FakeProfile.of("a").formats(FakeModels.FORMAT).actions("book", "unbook").build();
  }

  private static Reply classes(long... classes) {
    return Reply.answer(Map.of("class", Tensor.ofLongs(classes)));
  }

  private static PatternSpec votes() {
    return JobSpec.comparative("m1", "m2")
        .node("a")
        .consensus(Consensus.expertReview().minAgreement(0.9))
        .build()
        .config();
  }

  private static PatternSpec booking() {
    return JobSpec.chained()
        .action("Bed", "book", step -> step.node("a").rollback(Rollback.action("unbook")))
        .action("Bus", "book", step -> step.node("a").rollback(Rollback.action("unbook")))
        .build()
        .config();
  }

  private EngineCrashHarness harness(ChainedJobBuilder job, Reply last) {
    return onStore(
            EngineCrashHarness.of(job.input("raw", Tensor.ofDoubles(new double[] {1, 2})).build()))
        .model(model("m1", "class"))
        .model(model("m2", "class"))
        .model(model("last", "text"))
        .node(
            env ->
                new FakeNode(profile(), env)
                    .on("m1", classes(0, 1))
                    .on("m2", classes(1, 1))
                    .on("book", Reply.answer(Map.of("done", Tensor.scalar(1))))
                    .on("unbook", Reply.answer(Map.of()))
                    .on("last", last)
                    .on("a1/s2/vote/m1", classes(1))
                    .on("a1/s2/vote/m2", classes(0))
                    .on("a1/s3/vote/m1", classes(0, 1))
                    .on("a1/s3/vote/m2", classes(1, 1)));
  }

  private static List<String> lines(List<TraceStep> trace) {
    return trace.stream().map(t -> t.name() + " " + t.status() + " a" + t.attempt()).toList();
  }

  @Test
  void reviewInABlock_crashedAnywhere_isAskedForOnceAndTheJobGoesOn() {
    ChainedJobBuilder job =
        JobSpec.chained()
            .block("Booking", booking())
            .step("Sift", "last", step -> step.node("a").from("client_data"))
            .block("Votes", votes(), step -> step.from("client_data"))
            .step(
                "Last",
                "last",
                step -> step.node("a").from("client_data").when("any(step_3_output.label=='yes')"));
    Report report =
        harness(job, Reply.answer(Map.of("text", Tensor.ofLongs(new long[] {7}))))
            .expert(request -> new Review("Ada", Map.of("r1", "no"), Optional.empty()))
            .same((a, b) -> summary(a).equals(summary(b)))
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(lines(report.outcome().trace()))
        .containsExactly("Booking DONE a1", "Sift DONE a1", "Votes DONE a1", "Last DONE a1");
    Evidence evidence =
        report.outcome().trace().get(2).block().flatMap(BlockResult::evidence).orElseThrow();
    assertThat(evidence.reviews()).extracting(r -> r.reviewer()).containsExactly("Ada");
    assertThat(evidence.votes()).hasSize(2);
    assertThat(report.crashes()).isPositive();
  }

  /** All but when the expert answered, which depends on how long a crash held the job up. */
  private static List<Object> summary(JobOutcome outcome) {
    return List.of(
        outcome.state(),
        outcome.output(),
        lines(outcome.trace()),
        outcome.trace().stream().map(TraceStep::outputDigest).toList(),
        outcome.trace().stream()
            .map(t -> t.block().map(b -> List.of(b.output(), lines(b.trace()))))
            .toList());
  }

  @Test
  void failureAfterABlock_crashedAnywhere_undoesItAndStartsAgain() {
    ChainedJobBuilder job =
        JobSpec.chained()
            .block("Booking", booking())
            .step("Last", "last", step -> step.node("a").from("client_data"))
            .onFailure(ErrorHandling.rollbackAndRetry(1));
    Report report = harness(job, Reply.fail(ErrorCode.INFERENCE_FAILED)).run();
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(lines(report.outcome().trace()))
        .containsExactly(
            "Booking DONE a1",
            "Last FAILED a1",
            "Booking, a1/s2 ROLLED_BACK a1",
            "Booking, a1/s1 ROLLED_BACK a1",
            "Booking DONE a2",
            "Last FAILED a2",
            "Booking, a1/s2 ROLLED_BACK a2",
            "Booking, a1/s1 ROLLED_BACK a2");
  }

  @Test
  void blockOutOfTime_crashedAnywhere_failsItsStepOnly() {
    ChainedJobBuilder job =
        JobSpec.chained()
            .block(
                "Hasty",
                JobSpec.chained()
                    .step("Slow", "last", step -> step.node("a").from("client_data").retries(3))
                    .step("Never", "last", step -> step.node("a").from("client_data"))
                    .build()
                    .config(),
                step -> step.timeout(Duration.ofSeconds(3)))
            .step("After", "last", step -> step.node("a").from("client_data"))
            .onFailure(ErrorHandling.rollbackAndRetry(1));
    Report report = harness(job, Reply.hang()).run();
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.TASK_TIMEOUT);
    assertThat(lines(report.outcome().trace()))
        .containsExactly("Hasty FAILED a1", "Hasty FAILED a2");
  }

  @Test
  void jobOutOfTimeInABlock_crashedAnywhere_undoesAllThatWasDone() {
    ChainedJobBuilder job =
        JobSpec.chained()
            .action("First", "book", step -> step.node("a").rollback(Rollback.action("unbook")))
            .block(
                "Block",
                JobSpec.chained()
                    .action(
                        "Bed", "book", step -> step.node("a").rollback(Rollback.action("unbook")))
                    .step("Slow", "last", step -> step.node("a").from("client_data"))
                    .build()
                    .config(),
                step -> step.from("client_data"))
            .onFailure(ErrorHandling.rollbackAndRetry(3))
            .timeout(Duration.ofSeconds(10));
    Report report = harness(job, Reply.hang()).same((a, b) -> undone(a).equals(undone(b))).run();
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.JOB_TIMEOUT);
    assertThat(undone(report.outcome()))
        .containsExactly("Bed ROLLED_BACK a1", "First ROLLED_BACK a1");
  }

  /** Whether the job's time or the step that it cancelled is told first is a race. */
  private static List<String> undone(JobOutcome outcome) {
    return outcome.trace().stream()
        .flatMap(step -> step.block().map(BlockResult::trace).orElse(List.of(step)).stream())
        .filter(step -> step.status() == TraceStatus.ROLLED_BACK)
        .map(step -> step.name() + " " + step.status() + " a" + step.attempt())
        .toList();
  }

  @Test
  void routedSteps_crashedAnywhere_divideTheSameRows() {
    ChainedJobBuilder job =
        JobSpec.chained()
            .step("First", "m1", step -> step.node("a"))
            .block(
                "Second",
                JobSpec.comparative("m1", "m2").node("a").build().config(),
                step -> step.from("client_data").rows("step_1_output.class == 1"))
            .step(
                "Last",
                "last",
                step ->
                    step.node("a")
                        .from("client_data")
                        .rows("step_2_output.status == 'tie'")
                        .otherwise("text", 3));
    Report report =
        harness(job, Reply.answer(Map.of("text", Tensor.ofLongs(new long[] {7})))).run();
    assertThat(report.outcome().output().orElseThrow().tensors())
        .isEqualTo(Map.of("text", Tensor.ofLongs(new long[] {3, 7})));
    assertThat(report.outcome().trace())
        .extracting(TraceStep::rows)
        .containsExactly(
            Optional.empty(), Optional.of(new RoutedRows(1, 2)), Optional.of(new RoutedRows(1, 2)));
  }
}
