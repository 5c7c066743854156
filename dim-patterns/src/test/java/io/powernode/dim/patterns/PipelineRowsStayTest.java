package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.FakeContext.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskInput.Column;
import io.powernode.dim.spi.TaskInput.Kept;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pipeline over a cabinet whose rows stay on its node: normalise answers 2, 3 and 4 for the
 * patients, and each model after it adds 1.
 */
class PipelineRowsStayTest extends ChainedFixture {
  private static final Tensor TEXTS = Tensor.ofStrings(List.of("no"));

  private static ChainedJobBuilder normalised() {
    return JobSpec.chained()
        .step("Normalise", "normalise", step -> step.node("n1").from("patients"));
  }

  private static ChainedJobBuilder threeSteps() {
    return normalised()
        .step("Triage", "triage")
        .step("Plan", "plan", step -> step.reduce(ReductionSpec.mean()));
  }

  private static Kept kept(String input, String handle, String tensor) {
    return new Kept(Map.of(input, new Column(handle, tensor)), Optional.empty());
  }

  private FakeContext losing(String... steps) {
    List<String> at = List.of(steps);
    Function<Task, Optional<TaskResult>> nodes =
        task -> {
          if (at.contains(task.step())) {
            rows.lose();
          }
          return node(task);
        };
    return new FakeContext(new FakeContext.Journal(), catalog, Map.of(), nodes);
  }

  private FakeContext onCabinet() {
    return losing();
  }

  private Failed failed(ChainedJobBuilder job, FakeContext context) {
    return (Failed) ENGINE.execute(spec(job), context);
  }

  @Test
  void execute_chainOverACabinet_letsOnlyTheLastReductionLeave() {
    FakeContext context = onCabinet();
    Completed done = completed(threeSteps(), context);
    assertThat(done.output().tensors()).isEqualTo(Map.of("scores", column(5)));
    assertThat(lines(done.trace()))
        .containsExactly("1 normalise n1 DONE a1", "2 triage n1 DONE a1", "3 plan n1 DONE a1");
    assertThat(context.tasks.get("a1/s1").input()).isEqualTo(TaskInput.Cabinet.named("patients"));
    assertThat(context.tasks.get("a1/s1").reduction()).contains(ReductionSpec.keep());
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(kept("normalised", "a1/s1", "normalised"));
    assertThat(context.tasks.get("a1/s2").reduction()).contains(ReductionSpec.keep());
    assertThat(FakeContext.nodeOf(context.tasks.get("a1/s2"))).isEqualTo("n1");
    assertThat(context.tasks.get("a1/s3").input()).isEqualTo(kept("urgency", "a1/s2", "urgency"));
    assertThat(context.tasks.get("a1/s3").reduction()).contains(ReductionSpec.mean());
    assertThat(context.journal.entries.values())
        .filteredOn(TaskResult.Success.class::isInstance)
        .extracting(answer -> ((TaskResult.Success) answer).outputs().size())
        .as("tensors that left, step by step")
        .containsExactly(0, 0, 1);
  }

  @Test
  void execute_chainWithoutAReduction_asksForTheRowsInTheEnd() {
    FakeContext context = onCabinet();
    completed(normalised().step("Triage", "triage"), context);
    assertThat(context.tasks.get("a1/s2").reduction()).contains(ReductionSpec.none());
  }

  @Test
  void execute_blockWithItsOwnDataInBetween_letsTheRowsStay() {
    for (String model : List.of("triage", "backup")) {
      scripted.put(
          "a1/s2/vote/" + model,
          TaskResult.success("n1", Map.of("row_ids", TEXTS, "labels", TEXTS), 1, 5));
    }
    FakeContext context = onCabinet();
    Completed done =
        completed(
            normalised()
                .block(
                    "Opinions",
                    JobSpec.comparative("triage", "backup")
                        .node("n1")
                        .cabinet("patients")
                        .build()
                        .config())
                .step("Mean", "triage", s -> s.from("step_1_output").reduce(ReductionSpec.mean())),
            context);
    assertThat(context.tasks.get("a1/s1").reduction()).contains(ReductionSpec.keep());
    assertThat(context.tasks.get("a1/s3").input())
        .isEqualTo(kept("normalised", "a1/s1", "normalised"));
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(4)));
  }

  @Test
  void execute_namesThatMatchNothing_failTheStepBeforeItIsSent() {
    catalog.model(linear("other", "this", "that")).model(linear("two", "x", "y"));
    catalog.model(
        FakeCatalog.model(
            "ofTwo",
            List.of(
                TensorSpec.of("normalised", DataType.FP64, -1),
                TensorSpec.of("urgency", DataType.FP64, -1)),
            List.of(TensorSpec.of("that", DataType.FP64, -1))));
    FakeContext context = onCabinet();
    completed(
        normalised()
            .step("Triage", "triage")
            .step("Both", "ofTwo", step -> step.input("normalised", "step_1_output.normalised"))
            .step("Only", "other", step -> step.reduce(ReductionSpec.mean())),
        context);
    assertThat(((Kept) context.tasks.get("a1/s3").input()).columns())
        .isEqualTo(
            Map.of(
                "normalised", new Column("a1/s1", "normalised"),
                "urgency", new Column("a1/s2", "urgency")));
    assertThat(context.tasks.get("a1/s4").input()).isEqualTo(kept("this", "a1/s3", "that"));
    assertThat(failed(normalised().step("Both", "ofTwo"), onCabinet()).error().message())
        .isEqualTo(
            "step 2 (Both): step 2 (Both) needs urgency, and step 1 (Normalise) has nothing of"
                + " that name");
  }

  @Test
  void execute_conditionOnRowsThatStay_isDecidedWhereTheyAre() {
    for (int threshold : List.of(3, 4)) {
      FakeContext context = onCabinet();
      Completed done =
          completed(
              normalised()
                  .action(
                      "Alarm",
                      "book",
                      step ->
                          step.node("n2")
                              .from("client_data")
                              .when("any(step_1_output.normalised > %d)".formatted(threshold))),
              context);
      Task asked = context.tasks.get("a1/s2/when");
      assertThat(asked.input()).isEqualTo(kept("step_1_output.normalised", "a1/s1", "normalised"));
      assertThat(FakeContext.nodeOf(asked)).isEqualTo("n1");
      assertThat(done.trace().get(1).status())
          .isEqualTo(threshold == 3 ? TraceStatus.DONE : TraceStatus.SKIPPED);
      assertThat(done.output().tensors().isEmpty())
          .as("the only answer stays")
          .isEqualTo(threshold == 4);
    }
  }

  @Test
  void execute_conditionThatTheOwnerDenies_failsTheStep() {
    scripted.put("a1/s2/when", failure("n1", ErrorCode.POLICY_DENIED, "no conditions"));
    Failed failed =
        failed(
            normalised().step("Triage", "triage", s -> s.when("any(step_1_output.normalised > 3)")),
            onCabinet());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(lines(failed.trace()))
        .containsExactly("1 normalise n1 DONE a1", "2 triage n1 FAILED a1");
  }

  static Stream<Arguments> divisions() {
    return Stream.of(
        arguments("step_1_output.normalised > 2", 2, TraceStatus.DONE, column(0, 4, 5)),
        arguments("step_1_output.normalised > 9", 0, TraceStatus.SKIPPED, column(0, 0, 0)),
        arguments("step_1_output.normalised > 0", 3, TraceStatus.DONE, column(3, 4, 5)));
  }

  @ParameterizedTest
  @MethodSource("divisions")
  void execute_rowsThatStay_areDividedWhereTheyAre(
      String condition, int through, TraceStatus status, Tensor answer) {
    Completed done =
        completed(
            normalised().step("Triage", "triage", s -> s.rows(condition).otherwise("urgency", 0)),
            onCabinet());
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", answer));
    assertThat(done.trace().get(1).rows()).contains(new RoutedRows(through, 3));
    assertThat(done.trace().get(1).status()).isEqualTo(status);
  }

  @Test
  void execute_rowsThatPassBy_mayHaveWhatStaysOfAnEarlierStep() {
    catalog.model(linear("again", "urgency", "normalised"));
    FakeContext context = onCabinet();
    Completed done =
        completed(
            normalised()
                .step("Triage", "triage")
                .step(
                    "Again",
                    "again",
                    s ->
                        s.rows("step_2_output.urgency > 4")
                            .otherwise("normalised", "step_1_output.normalised")),
            context);
    assertThat(done.output().tensors()).isEqualTo(Map.of("normalised", column(2, 3, 6)));
    assertThat(rows.handles()).containsExactlyInAnyOrder("a1/s1", "a1/s2");
  }

  @Test
  void execute_nodeThatLostItsRows_makesThemAgainAsANewAttempt() {
    FakeContext context = losing("a1/s3");
    Completed done = completed(threeSteps(), context);
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 triage n1 DONE a1",
            "3 plan n1 FAILED a1",
            "1 normalise n1 DONE a2",
            "2 triage n1 DONE a2",
            "3 plan n1 DONE a2");
    assertThat(done.trace().get(2).error().orElseThrow().code()).isEqualTo(ErrorCode.ROWS_LOST);
    assertThat(context.journal.sent)
        .containsExactly("a1/s1", "a1/s2", "a1/s3", "a2/s1", "a2/s2", "a2/s3");
    assertThat(done.output().tensors()).isEqualTo(Map.of("scores", column(5)));
  }

  @Test
  void execute_nodeThatLostItsRowsBeforeACondition_makesThemAgain() {
    FakeContext context = losing("a1/s2/when");
    Completed done =
        completed(
            normalised()
                .step(
                    "Triage",
                    "triage",
                    s -> s.when("any(step_1_output.normalised > 3)").reduce(ReductionSpec.mean())),
            context);
    assertThat(context.journal.sent)
        .containsExactly("a1/s1", "a1/s2/when", "a2/s1", "a2/s2/when", "a2/s2");
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(4)));
  }

  @Test
  void execute_lossAfterStepsOfNoConcern_keepsTheirAnswers() {
    FakeContext context = losing("a1/s4");
    Completed done =
        completed(
            normalised()
                .action("Book", "book", s -> s.node("n1").from("client_data"))
                .step("Mean", "triage", s -> s.from("step_1_output").reduce(ReductionSpec.mean()))
                .step("Plan", "backup", s -> s.from("step_1_output").reduce(ReductionSpec.mean())),
            context);
    assertThat(context.journal.sent)
        .as("neither the effect is done twice nor the cabinet read for nothing")
        .containsExactly("a1/s1", "a1/s2", "a1/s3", "a1/s4", "a2/s1", "a2/s3", "a2/s4");
    assertThat(done.trace()).extracting(TraceStep::step).containsExactly(1, 2, 3, 4, 1, 3, 4);
  }

  private static ChainedJobBuilder withAnEffectOfTheRows(Optional<Rollback> rollback) {
    return normalised()
        .step("Mean", "triage", s -> s.reduce(ReductionSpec.mean()))
        .action("Book", "book", s -> rollback.ifPresent(s.node("n1")::rollback))
        .step("Plan", "backup", s -> s.from("step_1_output").reduce(ReductionSpec.mean()));
  }

  @Test
  void execute_lossAfterAnEffectThatCameOfTheRows_undoesItFirst() {
    FakeContext context = losing("a1/s4");
    Completed done =
        completed(withAnEffectOfTheRows(Optional.of(Rollback.action("unbook"))), context);
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 triage n1 DONE a1",
            "3 book n1 DONE a1",
            "4 backup n1 FAILED a1",
            "3 unbook n1 ROLLED_BACK a1",
            "1 normalise n1 DONE a2",
            "2 triage n1 DONE a2",
            "3 book n1 DONE a2",
            "4 backup n1 DONE a2");
  }

  @Test
  void execute_lossAfterAnEffectThatCannotBeUndone_failsTheJob() {
    FakeContext context = losing("a1/s4");
    Failed failed = failed(withAnEffectOfTheRows(Optional.empty()), context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.ROWS_LOST);
    assertThat(context.journal.effects).containsExactly(Map.entry("a1/s3", 1));
  }

  @Test
  void execute_rollbackThatFailsBeforeTheRowsAreMadeAgain_endsTheJob() {
    scripted.put("a1/s3/undo", failure("n1", ErrorCode.NODE_LOST, "gone"));
    Failed failed =
        failed(withAnEffectOfTheRows(Optional.of(Rollback.action("unbook"))), losing("a1/s4"));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.COMPENSATION_FAILED);
    assertThat(failed.error().message()).contains("not undone: step 3 (Book): NODE_LOST: gone");
  }

  static Stream<TaskResult> fallbacks() {
    return Stream.of(
        failure("n1", ErrorCode.OVERLOADED, "the queue is full"),
        TaskResult.success("n1", Map.of("urgency", column(9)), 3, 3));
  }

  @ParameterizedTest
  @MethodSource("fallbacks")
  void execute_lossInAStepWithAFallback_makesTheRowsAgainBeforeThatIsAsked(TaskResult fallback) {
    scripted.put("a1/s2/fallback", fallback);
    FakeContext context = losing("a1/s2");
    Completed done =
        completed(
            normalised()
                .step("Triage", "triage", s -> s.fallback("backup").reduce(ReductionSpec.mean())),
            context);
    assertThat(context.journal.sent).containsExactly("a1/s1", "a1/s2", "a2/s1", "a2/s2");
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(4)));
  }

  @Test
  void execute_nodeThatKeepsLosingRows_isGivenUp() {
    FakeContext context = losing("a1/s2", "a2/s2", "a3/s2", "a4/s2", "a5/s2");
    Failed failed = failed(threeSteps(), context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.ROWS_LOST);
    assertThat(context.journal.sent).endsWith("a4/s1", "a4/s2");
    Completed retried =
        completed(
            threeSteps().onFailure(ErrorHandling.rollbackAndRetry(2)),
            losing("a1/s2", "a2/s2", "a3/s2", "a4/s2", "a5/s2"));
    assertThat(lines(retried.trace())).endsWith("3 plan n1 DONE a6");
  }

  @Test
  void execute_retryFromALaterStep_readsTheRowsThatStay() {
    scripted.put("a1/s3", failure("n1", ErrorCode.INFERENCE_FAILED, "first time"));
    FakeContext context = onCabinet();
    completed(threeSteps().onFailure(ErrorHandling.rollbackAndRetry(1).fromStep(3)), context);
    assertThat(context.journal.sent).containsExactly("a1/s1", "a1/s2", "a1/s3", "a2/s3");
    assertThat(context.tasks.get("a2/s3").input()).isEqualTo(kept("urgency", "a1/s2", "urgency"));
  }

  @Test
  void execute_fallbackOnRowsThatStay_readsTheSame() {
    scripted.put("a1/s2", failure("n1", ErrorCode.INFERENCE_FAILED, "broken"));
    FakeContext context = onCabinet();
    Completed done =
        completed(
            normalised()
                .step("Triage", "triage", s -> s.fallback("backup").reduce(ReductionSpec.mean())),
            context);
    assertThat(context.tasks.get("a1/s2/fallback").input())
        .isEqualTo(context.tasks.get("a1/s2").input());
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(4)));
  }

  @Test
  void execute_nodeThatLetsRowsLeaveUnasked_failsTheStepWithoutThem() {
    scripted.put("a1/s1", TaskResult.success("n1", Map.of("normalised", column(1)), 1, 1));
    Failed failed = failed(threeSteps(), onCabinet());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(failed.trace()).hasSize(1);
  }

  @Test
  void execute_reductionThatIsNoneOfTheModels_failsTheStep() {
    scripted.put("a1/s3", TaskResult.success("n1", Map.of("scores", column(Double.NaN)), 3, 3));
    Failed failed = failed(threeSteps(), onCabinet());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .isEqualTo("step 3 (Plan): the node's answer: it has numbers that are not finite");
  }

  @Test
  void execute_again_readsTheSameHandles() {
    FakeContext.Journal journal = new FakeContext.Journal();
    Completed first =
        (Completed)
            ENGINE.execute(
                spec(threeSteps()), new FakeContext(journal, catalog, Map.of(), this::node));
    rows.lose();
    Completed again =
        (Completed)
            ENGINE.execute(
                spec(threeSteps()),
                new FakeContext(journal, catalog, Map.of(), task -> Optional.empty()));
    assertThat(again.trace()).isEqualTo(first.trace());
    assertThat(again.output()).isEqualTo(first.output());
  }
}
