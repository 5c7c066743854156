package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.FakeContext.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pipeline does when a step fails, is undone, starts again or is stopped. */
class PipelineFailureTest extends ChainedFixture {
  @Test
  void execute_failFast_endsWithTheStepsErrorAndTheTrace() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "the model failed"));
    FakeContext context = context();
    Failed failed = (Failed) ENGINE.execute(spec(threeModels()), context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(failed.error().message()).isEqualTo("step 2 (Triage): the model failed");
    assertThat(lines(failed.trace()))
        .containsExactly("1 normalise n1 DONE a1", "2 triage n2 FAILED a1");
    assertThat(failed.trace().get(1).error().orElseThrow().message()).isEqualTo("the model failed");
    assertThat(context.journal.sent).doesNotContain("a1/s3");
  }

  @Test
  void execute_failFastWithRollbacks_undoesInReverse() {
    scripted.put("a1/s3", failure("n1", ErrorCode.INFERENCE_FAILED, "no"));
    FakeContext context = context();
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .action(
                            "Book",
                            "book",
                            step -> step.node("n1").rollback(Rollback.action("unbook")))
                        .action(
                            "Tell",
                            "book",
                            step ->
                                step.node("n1")
                                    .rollback(
                                        new Rollback(
                                            Optional.of("unbook"),
                                            Optional.empty(),
                                            Optional.of("n2"))))
                        .step("Plan", "plan", step -> step.node("n1"))),
                context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 book n1 DONE a1",
            "2 book n1 DONE a1",
            "3 plan n1 FAILED a1",
            "2 unbook n2 ROLLED_BACK a1",
            "1 unbook n1 ROLLED_BACK a1");
    assertThat(context.tasks.get("a1/s1/undo").input())
        .as("what the step answered")
        .isEqualTo(new TaskInput.Tensors(Map.of("done", column(1))));
    assertThat(context.tasks.get("a1/s1/undo").effect()).isEqualTo(Effect.EFFECTFUL);
  }

  private static ChainedJobBuilder bookings(ErrorHandling handling) {
    return JobSpec.chained()
        .step("Normalise", "normalise", step -> step.node("n1"))
        .action("Book", "book", step -> step.node("n1").rollback(Rollback.action("unbook")))
        .step("Triage", "triage", step -> step.node("n2").from("step_1_output"))
        .onFailure(handling);
  }

  @Test
  void execute_rollbackAndRetry_undoesAndStartsAgainAsANewAttempt() {
    scripted.put("a1/s3", failure("n2", ErrorCode.INFERENCE_FAILED, "first time"));
    FakeContext context = context();
    Completed done =
        (Completed) ENGINE.execute(spec(bookings(ErrorHandling.rollbackAndRetry(2))), context);
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 book n1 DONE a1",
            "3 triage n2 FAILED a1",
            "2 unbook n1 ROLLED_BACK a1",
            "1 normalise n1 DONE a2",
            "2 book n1 DONE a2",
            "3 triage n2 DONE a2");
    assertThat(context.journal.sent)
        .containsExactly("a1/s1", "a1/s2", "a1/s3", "a1/s2/undo", "a2/s1", "a2/s2", "a2/s3");
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(3, 4)));
  }

  @Test
  void execute_retryFromALaterStep_keepsEarlierAnswers() {
    scripted.put("a1/s3", failure("n2", ErrorCode.NODE_LOST, "gone"));
    FakeContext context = context();
    Completed done =
        (Completed)
            ENGINE.execute(spec(bookings(ErrorHandling.rollbackAndRetry(1).fromStep(2))), context);
    assertThat(context.journal.sent)
        .containsExactly("a1/s1", "a1/s2", "a1/s3", "a1/s2/undo", "a2/s2", "a2/s3");
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(3, 4)));
    assertThat(context.progress).containsExactly("0/3", "1/3", "2/3", "1/3", "2/3", "3/3");
  }

  @Test
  void execute_retryFromAfterAnEffect_undoesThatEffectOnlyWhenTheJobFailsForGood() {
    scripted.put("a1/s3", failure("n2", ErrorCode.NODE_LOST, "first"));
    FakeContext once = context();
    ErrorHandling handling = ErrorHandling.rollbackAndRetry(1).fromStep(3);
    assertThat(ENGINE.execute(spec(bookings(handling)), once)).isInstanceOf(Completed.class);
    assertThat(once.journal.sent).containsExactly("a1/s1", "a1/s2", "a1/s3", "a2/s3");

    scripted.put("a2/s3", failure("n2", ErrorCode.NODE_LOST, "second"));
    FakeContext twice = context();
    Failed failed = (Failed) ENGINE.execute(spec(bookings(handling)), twice);
    assertThat(twice.journal.sent)
        .containsExactly("a1/s1", "a1/s2", "a1/s3", "a2/s3", "a1/s2/undo");
    assertThat(lines(failed.trace())).endsWith("2 unbook n1 ROLLED_BACK a1");
  }

  @Test
  void execute_failureBeforeTheRetryStep_startsAgainFromTheFailedOne() {
    scripted.put("a1/s1", failure("n1", ErrorCode.NODE_LOST, "gone"));
    FakeContext context = context();
    assertThat(
            ENGINE.execute(spec(bookings(ErrorHandling.rollbackAndRetry(1).fromStep(2))), context))
        .isInstanceOf(Completed.class);
    assertThat(context.journal.sent).containsExactly("a1/s1", "a2/s1", "a2/s2", "a2/s3");
  }

  @Test
  void execute_retriesUsedUp_failsWithTheLastErrorAndEverythingUndone() {
    scripted.put("a1/s3", failure("n2", ErrorCode.NODE_LOST, "first"));
    scripted.put("a2/s3", failure("n2", ErrorCode.TASK_TIMEOUT, "second"));
    scripted.put("a3/s3", failure("n2", ErrorCode.INFERENCE_FAILED, "third"));
    FakeContext context = context();
    Failed failed =
        (Failed) ENGINE.execute(spec(bookings(ErrorHandling.rollbackAndRetry(2))), context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(failed.error().message()).contains("third");
    assertThat(failed.trace()).hasSize(12);
    assertThat(lines(failed.trace()))
        .endsWith("3 triage n2 FAILED a3", "2 unbook n1 ROLLED_BACK a3");
    assertThat(context.journal.effects)
        .containsOnlyKeys("a1/s2", "a1/s2/undo", "a2/s2", "a2/s2/undo", "a3/s2", "a3/s2/undo");
  }

  @Test
  void execute_effectThatFailed_isUndoneTooForItMayHaveHappened() {
    scripted.put("a1/s2", failure("n1", ErrorCode.TASK_TIMEOUT, "no answer"));
    FakeContext context = context();
    Failed failed = (Failed) ENGINE.execute(spec(bookings(ErrorHandling.failFast())), context);
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1", "2 book n1 FAILED a1", "2 unbook n1 ROLLED_BACK a1");
    assertThat(context.tasks.get("a1/s2/undo").input()).isEqualTo(new TaskInput.Tensors(Map.of()));
  }

  private static ChainedJobBuilder twoEffects() {
    return JobSpec.chained()
        .action("Book", "book", step -> step.node("n1").rollback(Rollback.action("unbook")))
        .action("Tell", "book", step -> step.node("n1").rollback(Rollback.action("unbook")))
        .step("Plan", "plan", step -> step.node("n1"));
  }

  @Test
  void execute_rollbackThatFails_endsTheJobSayingWhatIsUndoneAndWhatIsNot() {
    scripted.put("a1/s3", failure("n1", ErrorCode.INFERENCE_FAILED, "no"));
    scripted.put("a1/s1/undo", failure("n1", ErrorCode.NODE_LOST, "unreachable"));
    ChainedSpec spec = spec(twoEffects().onFailure(ErrorHandling.rollbackAndRetry(5)));
    FakeContext context = context();
    Failed failed = (Failed) ENGINE.execute(spec, context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.COMPENSATION_FAILED);
    assertThat(failed.error().message())
        .contains(
            "step 3 (Plan): INFERENCE_FAILED: no",
            "undone: step 2 (Tell)",
            "not undone: step 1 (Book): NODE_LOST: unreachable");
    assertThat(lines(failed.trace()))
        .endsWith("2 unbook n1 ROLLED_BACK a1", "1 unbook n1 ROLLBACK_FAILED a1");
    assertThat(context.journal.sent).doesNotContain("a2/s1");
  }

  static Stream<Arguments> secondRollbacks() {
    return Stream.of(
        arguments(false, "undone: step 1 (Book); not undone: step 2 (Tell): NODE_LOST: gone"),
        arguments(
            true,
            "undone: nothing; not undone: step 2 (Tell): NODE_LOST: gone; step 1 (Book): NODE_LOST:"
                + " gone too"));
  }

  @ParameterizedTest
  @MethodSource("secondRollbacks")
  void execute_rollbackThatFailsBeforeARetry_saysWhatTheOneOfAllStepsCameTo(
      boolean failsToo, String expected) {
    scripted.put("a1/s3", failure("n1", ErrorCode.INFERENCE_FAILED, "no"));
    scripted.put("a1/s2/undo", failure("n1", ErrorCode.NODE_LOST, "gone"));
    if (failsToo) {
      scripted.put("a1/s1/undo", failure("n1", ErrorCode.NODE_LOST, "gone too"));
    }
    FakeContext context = context();
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(twoEffects().onFailure(ErrorHandling.rollbackAndRetry(5).fromStep(2))),
                context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.COMPENSATION_FAILED);
    assertThat(failed.error().message())
        .isEqualTo("step 3 (Plan): INFERENCE_FAILED: no; " + expected);
    assertThat(context.journal.sent)
        .containsExactly("a1/s1", "a1/s2", "a1/s3", "a1/s2/undo", "a1/s1/undo");
  }

  @Test
  void execute_fallbackModel_runsOnTheSameInputAndFeedsOn() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "broken"));
    FakeContext context = context();
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .step("Normalise", "normalise", step -> step.node("n1"))
                        .step("Triage", "triage", step -> step.node("n2").fallback("backup"))
                        .step("Plan", "plan", step -> step.node("n1"))),
                context);
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 triage n2 FAILED a1",
            "2 backup n2 DONE a1",
            "3 plan n1 DONE a1");
    assertThat(context.tasks.get("a1/s2/fallback").input())
        .isEqualTo(context.tasks.get("a1/s2").input());
    assertThat(done.output().tensors()).isEqualTo(Map.of("scores", column(4, 5)));
  }

  @Test
  void execute_fallbackThatFailsToo_failsWithItsError() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "broken"));
    scripted.put("a1/s2/fallback", failure("n2", ErrorCode.NODE_LOST, "gone"));
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .step("Normalise", "normalise")
                        .step("Triage", "triage", step -> step.node("n2").fallback("backup"))),
                context());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.NODE_LOST);
    assertThat(failed.trace()).hasSize(3);
  }

  @Test
  void execute_cancelledJob_rollsBackAndKeepsTheTrace() {
    FakeContext context = context().cancelledAt("a1/s3");
    PatternResult result =
        ENGINE.execute(spec(bookings(ErrorHandling.rollbackAndRetry(3))), context);
    Failed failed = (Failed) result;
    assertThat(failed.error().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1", "2 book n1 DONE a1", "2 unbook n1 ROLLED_BACK a1");
  }

  @Test
  void execute_otherExceptionOfTheContext_passesThrough() {
    Function<Task, Optional<TaskResult>> fenced =
        task -> {
          throw new DimException(ErrorCode.FENCED, "another owner");
        };
    FakeContext context = new FakeContext(new FakeContext.Journal(), catalog, input, fenced);
    assertThatThrownBy(() -> ENGINE.execute(spec(threeModels()), context))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
  }

  @Test
  void models_ofAPipeline_areAllThatMayRun() {
    ChainedSpec spec =
        spec(
            JobSpec.chained()
                .step("A", "normalise")
                .step(
                    "B",
                    "triage",
                    step ->
                        step.fallback("backup")
                            .rollback(
                                new Rollback(
                                    Optional.empty(), Optional.of("plan"), Optional.of("n1")))));
    assertThat(ENGINE.models(spec, catalog))
        .containsExactly("normalise", "triage", "backup", "plan");
    assertThat(ENGINE.rollbackTimeout(spec)).isEqualTo(ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT);
  }
}
