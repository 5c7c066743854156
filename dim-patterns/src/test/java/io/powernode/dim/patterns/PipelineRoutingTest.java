package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.FakeContext.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Only some rows go through a step; normalise answers 2, 3, 4 and 5, and triage adds 1. */
class PipelineRoutingTest extends ChainedFixture {
  @BeforeEach
  void fourRows() {
    input = Map.of("raw", column(1, 2, 3, 4));
  }

  private static ChainedJobBuilder triageOf(String rows) {
    return JobSpec.chained()
        .step("Normalise", "normalise")
        .step("Triage", "triage", step -> step.rows(rows).otherwise("urgency", -1));
  }

  private static Optional<RoutedRows> counted(Completed done, int step) {
    return done.trace().get(step - 1).rows();
  }

  static Stream<Arguments> divisions() {
    return Stream.of(
        arguments("step_1_output.normalised >= 4", "DONE", 2, column(-1, -1, 5, 6)),
        arguments(
            "step_1_output.normalised == 2 or step_1_output.normalised == 5",
            "DONE",
            2,
            column(3, -1, -1, 6)),
        arguments("step_1_output.normalised > 0", "DONE", 4, column(3, 4, 5, 6)),
        arguments("step_1_output.normalised > 9", "SKIPPED", 0, column(-1, -1, -1, -1)),
        arguments(
            "step_1_output.normalised > 4 and any(step_1_output.normalised < 3)",
            "DONE",
            1,
            column(-1, -1, -1, 6)),
        arguments(
            "step_1_output.normalised > 4 and all(step_1_output.normalised < 3)",
            "SKIPPED",
            0,
            column(-1, -1, -1, -1)));
  }

  @ParameterizedTest
  @MethodSource("divisions")
  void execute_rowsOfAStep_goThroughItAndTheOthersPassItBy(
      String rows, String status, int through, Tensor answer) {
    FakeContext context = context();
    Completed done = completed(triageOf(rows), context);
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", answer));
    assertThat(done.trace().get(1).status().name()).isEqualTo(status);
    assertThat(counted(done, 1)).isEmpty();
    assertThat(counted(done, 2)).contains(new RoutedRows(through, 4));
    assertThat(context.journal.sent.contains("a1/s2")).isEqualTo(through > 0);
  }

  @Test
  void execute_someRows_areAllThatTheStepSees() {
    FakeContext context = context();
    completed(triageOf("step_1_output.normalised >= 4"), context);
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(4, 5))));
  }

  @Test
  void execute_allRows_isTheSameTaskAsWithoutRouting() {
    FakeContext routed = context();
    completed(triageOf("step_1_output.normalised > 0"), routed);
    FakeContext plain = context();
    completed(JobSpec.chained().step("Normalise", "normalise").step("Triage", "triage"), plain);
    assertThat(routed.tasks.get("a1/s2")).isEqualTo(plain.tasks.get("a1/s2"));
  }

  @Test
  void execute_outputOfTheSourcesName_passesByAsItIs() {
    catalog.model(linear("again", "normalised", "normalised"));
    ChainedJobBuilder job =
        JobSpec.chained()
            .step("Normalise", "normalise")
            .step("Again", "again", step -> step.rows("step_1_output.normalised < 4"));
    assertThat(completed(job, context()).output().tensors())
        .isEqualTo(Map.of("normalised", column(3, 4, 4, 5)));
    job.step(
        "None", "again", step -> step.from("step_1_output").rows("step_1_output.normalised > 9"));
    assertThat(completed(job, context()).output().tensors())
        .isEqualTo(Map.of("normalised", column(2, 3, 4, 5)));
  }

  @Test
  void execute_otherwiseOfAnEarlierStep_isWhatPassesBy() {
    Completed done =
        completed(
            triageOf("step_1_output.normalised > 2")
                .step(
                    "Backup",
                    "backup",
                    step ->
                        step.from("step_1_output")
                            .rows("step_2_output.urgency >= 6")
                            .otherwise("urgency", "step_2_output.urgency")),
            context());
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(-1, 4, 5, 6)));
    assertThat(counted(done, 3)).contains(new RoutedRows(1, 4));
  }

  @Test
  void execute_stepsAfterARoutedOne_readAllRows() {
    FakeContext context = context();
    Completed done =
        completed(
            triageOf("step_1_output.normalised > 9")
                .step("Plan", "plan", step -> step.when("all(step_2_output.urgency == -1)")),
            context);
    assertThat(done.trace())
        .extracting(TraceStep::status)
        .containsExactly(TraceStatus.DONE, TraceStatus.SKIPPED, TraceStatus.DONE);
    assertThat(done.output().tensors()).isEqualTo(Map.of("scores", column(0, 0, 0, 0)));
  }

  @Test
  void execute_routedAction_getsItsRowsAndItsAnswerStays() {
    FakeContext context = context();
    Completed done =
        completed(
            JobSpec.chained()
                .step("Normalise", "normalise")
                .action(
                    "Call", "book", step -> step.node("n1").rows("step_1_output.normalised > 3"))
                .action(
                    "Visit",
                    "book",
                    step ->
                        step.node("n1").from("step_1_output").rows("step_1_output.normalised > 9"))
                .action("After", "book", step -> step.node("n1")),
            context);
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(4, 5))));
    assertThat(done.output().tensors()).isEqualTo(Map.of("done", column(1)));
    assertThat(done.trace())
        .extracting(TraceStep::status)
        .containsExactly(
            TraceStatus.DONE, TraceStatus.DONE, TraceStatus.SKIPPED, TraceStatus.SKIPPED);
    assertThat(counted(done, 3)).contains(new RoutedRows(0, 4));
    assertThat(counted(done, 4)).as("reads a step without an answer").isEmpty();
  }

  @Test
  void execute_fixedInput_isTheSameForAllRows() {
    catalog.model(
        FakeCatalog.model(
            "weigh",
            List.of(
                TensorSpec.of("normalised", DataType.FP64, -1),
                TensorSpec.of("weights", DataType.FP64, 2)),
            List.of(TensorSpec.of("sum", DataType.FP64, -1))));
    scripted.put("a1/s1", TaskResult.success("n1", Map.of("weights", column(7, 8)), 1, 3));
    scripted.put("a1/s2", TaskResult.success("n1", Map.of("normalised", column(1, 2, 3, 4)), 4, 3));
    scripted.put("a1/s3", TaskResult.success("n1", Map.of("sum", column(9)), 1, 3));
    FakeContext context = context();
    Completed done =
        completed(
            JobSpec.chained()
                .step("Weights", "normalise")
                .step("Data", "normalise", step -> step.from("client_data"))
                .step(
                    "Weigh",
                    "weigh",
                    step ->
                        step.input("weights", "step_1_output.weights")
                            .rows("step_2_output.normalised == 3")
                            .otherwise("sum", "NaN")),
            context);
    assertThat(context.tasks.get("a1/s3").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(3), "weights", column(7, 8))));
    assertThat(done.output().tensors().get("sum"))
        .isEqualTo(column(Double.NaN, Double.NaN, 9, Double.NaN));
  }

  @Test
  void execute_fallbackOfARoutedStep_hasTheSameRows() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "broken"));
    Completed done =
        completed(
            JobSpec.chained()
                .step("Normalise", "normalise")
                .step(
                    "Triage",
                    "triage",
                    step ->
                        step.fallback("backup")
                            .rows("step_1_output.normalised < 3")
                            .otherwise("urgency", 0)),
            context());
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(3, 0, 0, 0)));
    assertThat(done.trace().get(1).rows()).isEqualTo(done.trace().get(2).rows());
  }

  @Test
  void execute_conditionOnOtherRows_failsTheStep() {
    scripted.put("a1/s1", TaskResult.success("n1", Map.of("normalised", column(1, 2)), 2, 3));
    ChainedJobBuilder job =
        JobSpec.chained()
            .step("Normalise", "normalise")
            .step(
                "Triage",
                "triage",
                step ->
                    step.from("client_data")
                        .rows("step_1_output.normalised < 1")
                        .otherwise("urgency", 0));
    Failed failed = (Failed) ENGINE.execute(spec(job), context());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .isEqualTo(
            "step 2 (Triage): the condition does not fit: step_1_output.normalised has 2 elements;"
                + " of 4 rows a comparison needs one, or one for each");
  }

  @Test
  void execute_dataWithoutRows_failsTheStep() {
    input = Map.of("raw", Tensor.scalar(1.0));
    scripted.put("a1/s1", TaskResult.success("n1", Map.of("normalised", Tensor.scalar(1.0)), 1, 3));
    Failed failed =
        (Failed) ENGINE.execute(spec(triageOf("step_1_output.normalised < 3")), context());
    assertThat(failed.error().message())
        .isEqualTo(
            "step 2 (Triage): rows: the step's data cannot be told apart by rows: normalised"
                + " FP64[]");
  }

  @Test
  void execute_answerThatIsNotOfTheRows_failsNamingTheOutputAndTheNode() {
    scripted.put("a1/s2", TaskResult.success("n2", Map.of("urgency", column(1, 2, 3)), 3, 3));
    Failed failed =
        (Failed) ENGINE.execute(spec(triageOf("step_1_output.normalised < 4")), context());
    assertThat(failed.error().message())
        .isEqualTo("step 2 (Triage): output urgency: does not have one entry for each row");
    assertThat(failed.trace().get(1).nodeId()).contains("n2");
  }

  private PatternSpec votes() {
    for (String id : List.of("first", "second")) {
      catalog.model(
          FakeCatalog.model(
                  id,
                  List.of(TensorSpec.of("normalised", DataType.FP64, -1)),
                  List.of(TensorSpec.of("class", DataType.INT64, -1)))
              .withLabels(List.of("no", "yes")));
      scripted.put(
          "a1/s2/vote/" + id,
          TaskResult.success("n1", Map.of("class", Tensor.ofLongs(new long[] {1, 0})), 2, 5));
    }
    return JobSpec.comparative("first", "second")
        .node("n1")
        .consensus(Consensus.majorityVote())
        .build()
        .config();
  }

  @Test
  void execute_routedVote_isAboutItsRowsUnderTheirOwnNames() {
    FakeContext context = context();
    Completed done =
        completed(
            JobSpec.chained()
                .step("Normalise", "normalise")
                .block("Votes", votes(), step -> step.rows("step_1_output.normalised >= 4")),
            context);
    assertThat(context.tasks.get("a1/s2/vote/first").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(4, 5))));
    assertThat(done.output().decisions()).isEmpty();
    assertThat(done.output().tensors())
        .containsEntry("row_ids", Tensor.ofStrings(List.of("r1", "r2", "r3", "r4")))
        .containsEntry("label", Tensor.ofStrings(List.of("", "", "yes", "no")))
        .containsEntry(
            "status", Tensor.ofStrings(List.of("passed_by", "passed_by", "reached", "reached")))
        .containsEntry("agreement", column(Double.NaN, Double.NaN, 1, 1));
    assertThat(done.trace().get(1).block().orElseThrow().output().orElseThrow().decisions())
        .extracting(Decision::row)
        .containsExactly("r3", "r4");
    assertThat(counted(done, 2)).contains(new RoutedRows(2, 4));
  }

  private ChainedJobBuilder routedVoteOverABooking() {
    PatternSpec votes = votes();
    for (String step : List.of("a1/s3", "a2/s3")) {
      for (String id : List.of("first", "second")) {
        scripted.put(step + "/vote/" + id, scripted.get("a1/s2/vote/" + id));
      }
    }
    return JobSpec.chained()
        .action(
            "Book",
            "book",
            s -> s.node("n1").from("client_data").rollback(Rollback.action("unbook")))
        .step("Normalise", "normalise", s -> s.from("client_data"))
        .block(
            "Votes",
            votes,
            s ->
                s.rows("step_2_output.normalised >= 4")
                    .otherwise("agreement", "step_1_output.done"));
  }

  @Test
  void execute_routedVoteWhosePassingRowsDoNotFit_failsTheStepWithTheTraceAndUndoes() {
    FakeContext context = context();
    Failed failed = (Failed) ENGINE.execute(spec(routedVoteOverABooking()), context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .isEqualTo(
            "step 3 (Votes): output agreement: rows that pass the step by have it as FP64[1],"
                + " those that go through as FP64[]");
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 book n1 DONE a1",
            "2 normalise anywhere DONE a1",
            "3 comparative - FAILED a1",
            "1 unbook n1 ROLLED_BACK a1");
    assertThat(failed.trace().get(2).rows()).contains(new RoutedRows(2, 4));
  }

  @Test
  void execute_routedVoteWhosePassingRowsFitTheNextTime_isTriedAgain() {
    scripted.put("a2/s1", TaskResult.success("n1", Map.of("done", column(.1, .2, .3, .4)), 4, 7));
    Completed done =
        completed(routedVoteOverABooking().onFailure(ErrorHandling.rollbackAndRetry(1)), context());
    assertThat(done.output().tensors()).containsEntry("agreement", column(.1, .2, 1, 1));
    assertThat(lines(done.trace())).contains("1 unbook n1 ROLLED_BACK a1");
  }

  @Test
  void execute_voteThatNoRowGoesTo_isSkippedAndAllPassBy() {
    Completed done =
        completed(
            JobSpec.chained()
                .step("Normalise", "normalise")
                .block(
                    "Votes",
                    votes(),
                    step ->
                        step.rows("step_1_output.normalised > 9").otherwise("label", "healthy")),
            context());
    assertThat(done.output().tensors().get("label").strings())
        .containsExactly("healthy", "healthy", "healthy", "healthy");
    assertThat(done.trace().get(1).status()).isEqualTo(TraceStatus.SKIPPED);
    assertThat(done.trace().get(1).block()).isEmpty();
  }

  @Test
  void execute_newAttempt_dividesAnew() {
    scripted.put("a2/s1", TaskResult.success("n1", Map.of("normalised", column(9, 9, 1, 1)), 4, 3));
    scripted.put("a1/s3", failure("n1", ErrorCode.INFERENCE_FAILED, "first time"));
    Completed done =
        completed(
            triageOf("step_1_output.normalised >= 4")
                .step("Plan", "plan")
                .onFailure(ErrorHandling.rollbackAndRetry(1)),
            context());
    assertThat(done.output().tensors()).isEqualTo(Map.of("scores", column(11, 11, 0, 0)));
  }
}
