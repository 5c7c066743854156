package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.FakeContext.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which steps of a pipeline run; normalise answers 2 and 3, triage 3 and 4. */
class PipelineConditionTest extends ChainedFixture {

  private static ChainedJobBuilder triageWhen(String condition) {
    return JobSpec.chained()
        .step("Normalise", "normalise", step -> step.node("n1"))
        .step("Triage", "triage", step -> step.node("n2").when(condition));
  }

  @ParameterizedTest
  @CsvSource({
    "any(step_1_output.normalised >= 3), DONE",
    "any(step_1_output.normalised > 3), SKIPPED",
    "all(step_1_output.normalised >= 2), DONE",
    "not all(step_1_output.normalised >= 2), SKIPPED"
  })
  void execute_stepWithCondition_runsOnlyWhenItHolds(String condition, String status) {
    FakeContext context = context();
    Completed done = (Completed) ENGINE.execute(spec(triageWhen(condition)), context);
    assertThat(done.trace()).extracting(t -> t.status().name()).containsExactly("DONE", status);
    assertThat(context.journal.sent.contains("a1/s2")).isEqualTo(status.equals("DONE"));
    assertThat(context.progress).containsExactly("0/2", "1/2", "2/2");
  }

  @Test
  void execute_skippedLastStep_answersWhatTheLastThatRanDid() {
    Completed done =
        (Completed)
            ENGINE.execute(spec(triageWhen("all(step_1_output.normalised > 9)")), context());
    assertThat(done.output().tensors()).isEqualTo(Map.of("normalised", column(2, 3)));
    TraceStep skipped = done.trace().get(1);
    assertThat(lines(done.trace()))
        .containsExactly("1 normalise n1 DONE a1", "2 triage - SKIPPED a1");
    assertThat(skipped.name()).isEqualTo("Triage");
    assertThat(skipped.durationMs()).isZero();
    assertThat(skipped.outputDigest()).isEmpty();
    assertThat(skipped.error()).isEmpty();
  }

  @Test
  void execute_stepsThatReadASkippedOne_areSkippedAndOthersRun() {
    ChainedSpec spec =
        spec(
            triageWhen("any(step_1_output.normalised > 9)")
                .step("By default", "plan")
                .step("By source", "plan", step -> step.from("step_2_output"))
                .step(
                    "By input",
                    "plan",
                    step -> step.from("client_data").input("urgency", "step_2_output.urgency"))
                .step(
                    "By condition",
                    "triage",
                    step -> step.from("step_1_output").when("not any(step_2_output.urgency > 0)"))
                .step("Of another", "triage", step -> step.from("step_1_output"))
                .action("In turn", "book", step -> step.node("n1").from("step_6_output")));
    Completed done = (Completed) ENGINE.execute(spec, context());
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 triage - SKIPPED a1",
            "3 plan - SKIPPED a1",
            "4 plan - SKIPPED a1",
            "5 plan - SKIPPED a1",
            "6 triage - SKIPPED a1",
            "7 triage anywhere DONE a1",
            "8 book - SKIPPED a1");
    assertThat(done.output().tensors()).isEqualTo(Map.of("urgency", column(3, 4)));
  }

  @Test
  void execute_conditionThatDoesNotFit_failsTheStepWithoutItsFallback() {
    ChainedSpec spec =
        spec(
            JobSpec.chained()
                .step("Normalise", "normalise")
                .step(
                    "Triage",
                    "triage",
                    step -> step.fallback("backup").when("step_1_output.normalised > 1")));
    FakeContext context = context();
    Failed failed = (Failed) ENGINE.execute(spec, context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .startsWith("step 2 (Triage): the condition does not fit: step_1_output.normalised has 2");
    assertThat(lines(failed.trace()))
        .containsExactly("1 normalise anywhere DONE a1", "2 triage - FAILED a1");
    assertThat(context.journal.sent).containsExactly("a1/s1");
  }

  @Test
  void execute_conditionOnWhatAnActionDoesNotAnswer_failsNamingIt() {
    ChainedSpec spec =
        spec(
            JobSpec.chained()
                .action("Book", "book", step -> step.node("n1"))
                .step(
                    "Triage",
                    "triage",
                    step -> step.from("client_data").when("step_1_output.missing == 1")));
    Failed failed = (Failed) ENGINE.execute(spec, context());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .isEqualTo(
            "step 2 (Triage): the condition reads step_1_output.missing, and step 1 (Book) has no"
                + " output of that name");
  }

  @Test
  void execute_failureAfterASkippedStep_undoesOnlyWhatRan() {
    scripted.put("a1/s4", failure("n1", ErrorCode.INFERENCE_FAILED, "no"));
    Rollback unbook = Rollback.action("unbook");
    ChainedSpec spec =
        spec(
            JobSpec.chained()
                .step("Normalise", "normalise", step -> step.node("n1"))
                .action("Book", "book", step -> step.node("n1").rollback(unbook))
                .action(
                    "Alarm",
                    "book",
                    step ->
                        step.node("n1").rollback(unbook).when("any(step_1_output.normalised > 9)"))
                .step("Triage", "triage", step -> step.node("n1").from("step_1_output")));
    Failed failed = (Failed) ENGINE.execute(spec, context());
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 book n1 DONE a1",
            "3 book - SKIPPED a1",
            "4 triage n1 FAILED a1",
            "2 unbook n1 ROLLED_BACK a1");
  }

  @Test
  void execute_newAttempt_decidesAgainAndForgetsEarlierAnswers() {
    scripted.put("a2/s1", TaskResult.success("n1", Map.of("normalised", column(0)), 1, 3));
    scripted.put("a1/s3", failure("n1", ErrorCode.INFERENCE_FAILED, "first time"));
    ChainedSpec spec =
        spec(
            triageWhen("any(step_1_output.normalised > 1)")
                .step("Plan", "plan", step -> step.node("n1"))
                .onFailure(ErrorHandling.rollbackAndRetry(1)));
    Completed done = (Completed) ENGINE.execute(spec, context());
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1",
            "2 triage n2 DONE a1",
            "3 plan n1 FAILED a1",
            "1 normalise n1 DONE a2",
            "2 triage - SKIPPED a2",
            "3 plan - SKIPPED a2");
    assertThat(done.output().tensors()).isEqualTo(Map.of("normalised", column(0)));
  }

  @Test
  void execute_retryFromALaterStep_keepsWhatItsConditionReads() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "first time"));
    ChainedSpec spec =
        spec(
            triageWhen("any(step_1_output.normalised > 2)")
                .onFailure(ErrorHandling.rollbackAndRetry(1).fromStep(2)));
    Completed done = (Completed) ENGINE.execute(spec, context());
    assertThat(lines(done.trace()))
        .containsExactly("1 normalise n1 DONE a1", "2 triage n2 FAILED a1", "2 triage n2 DONE a2");
  }

  @Test
  void execute_again_decidesByWhatIsInTheJournal() {
    ChainedSpec spec =
        spec(
            triageWhen("any(step_1_output.normalised > 9)")
                .step(
                    "Plan",
                    "triage",
                    step -> step.from("step_1_output").when("all(step_1_output.normalised > 1)")));
    FakeContext.Journal journal = new FakeContext.Journal();
    Completed first =
        (Completed) ENGINE.execute(spec, new FakeContext(journal, catalog, input, this::node));
    Completed again =
        (Completed)
            ENGINE.execute(
                spec, new FakeContext(journal, catalog, input, task -> Optional.empty()));
    assertThat(again.trace()).isEqualTo(first.trace());
    assertThat(again.output()).isEqualTo(first.output());
    assertThat(journal.sent).isEqualTo(List.of("a1/s1", "a1/s3"));
  }
}
