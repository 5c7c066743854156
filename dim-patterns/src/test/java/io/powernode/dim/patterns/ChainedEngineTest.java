package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainedEngineTest extends ChainedFixture {
  @Test
  void execute_stepsThatFeedEachOtherByName_answersTheLastOnes() {
    FakeContext context = context();
    Completed done = (Completed) ENGINE.execute(spec(threeModels()), context);
    assertThat(done.output().tensors()).isEqualTo(Map.of("scores", column(4, 5)));
    assertThat(done.evidence().method()).isEqualTo("chained");
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise n1 DONE a1", "2 triage n2 DONE a1", "3 plan anywhere DONE a1");
    TraceStep first = done.trace().get(0);
    assertThat(first.name()).isEqualTo("Normalise");
    assertThat(first.durationMs()).isEqualTo(3);
    assertThat(first.outputDigest()).contains(TensorDigest.of(Map.of("normalised", column(2, 3))));
    assertThat(first.error()).isEmpty();
    assertThat(context.journal.sent).containsExactly("a1/s1", "a1/s2", "a1/s3");
    assertThat(context.progress).containsExactly("0/3", "1/3", "2/3", "3/3");
    NodeRequirements anywhere =
        ((Task.Placement.Anywhere) context.tasks.get("a1/s3").placement()).requirements();
    assertThat(anywhere.model()).contains(new NodeRequirements.ModelNeed("plan", "onnx"));
  }

  @Test
  void execute_onlyOutputToOnlyInput_isHandedOverUnderTheInputsName() {
    catalog.model(linear("other", "anything", "scores"));
    FakeContext context = context();
    ENGINE.execute(spec(JobSpec.chained().step("A", "normalise").step("B", "other")), context);
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("anything", column(2, 3))));
  }

  @Test
  void execute_explicitMapping_overridesNamesAndReachesEarlierSteps() {
    catalog.model(
        FakeCatalog.model(
            "diagnosis",
            List.of(
                TensorSpec.of("normalised", DataType.FP64, -1),
                TensorSpec.of("urgency", DataType.FP64, -1)),
            List.of(TensorSpec.of("malignant", DataType.FP64, -1))));
    FakeContext context = context();
    ENGINE.execute(
        spec(
            JobSpec.chained()
                .step("A", "normalise")
                .step("B", "triage")
                .step(
                    "C", "diagnosis", step -> step.input("normalised", "step_1_output.normalised"))
                .step(
                    "D",
                    "diagnosis",
                    step ->
                        step.from("step_2_output")
                            .input("urgency", "step_1_output.normalised")
                            .input("normalised", "step_3_output.malignant"))),
        context);
    assertThat(context.tasks.get("a1/s3").input())
        .isEqualTo(
            new TaskInput.Tensors(Map.of("normalised", column(2, 3), "urgency", column(3, 4))));
    assertThat(context.tasks.get("a1/s4").input())
        .isEqualTo(
            new TaskInput.Tensors(Map.of("urgency", column(2, 3), "normalised", column(3, 4))));
  }

  @Test
  void execute_clientDataOfColumns_isPassedOnForTheNodeToBind() {
    input = new LinkedHashMap<>();
    input.put("age", column(63));
    input.put("bp", column(145));
    FakeContext context = context();
    ENGINE.execute(spec(threeModels()), context);
    assertThat(context.tasks.get("a1/s1").input()).isEqualTo(new TaskInput.Tensors(input));
  }

  @Test
  void execute_clientDataByNameAmongOthers_isPickedOut() {
    input = Map.of("raw", column(1), "unused", column(2));
    FakeContext context = context();
    ENGINE.execute(spec(threeModels()), context);
    assertThat(context.tasks.get("a1/s1").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("raw", column(1))));
  }

  @Test
  void execute_withoutClientData_failsNamingWhatIsMissing() {
    input = Map.of();
    Failed failed = (Failed) ENGINE.execute(spec(threeModels()), context());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .contains("step 1 (Normalise) needs raw", "the job's input data");
    assertThat(lines(failed.trace())).containsExactly("1 normalise - FAILED a1");
  }

  @Test
  void execute_actionsAnswerThatDoesNotFeed_failsNamingBothSteps() {
    catalog.model(
        FakeCatalog.model(
            "two",
            List.of(TensorSpec.of("p", DataType.FP64, -1), TensorSpec.of("q", DataType.FP64, -1)),
            List.of()));
    ChainedSpec spec =
        spec(
            JobSpec.chained()
                .action("Book", "book", step -> step.node("n1"))
                .step("Use", "two", step -> step.input("p", "step_1_output.missing")));
    Failed failed = (Failed) ENGINE.execute(spec, context());
    assertThat(failed.error().message())
        .contains("input p of step 2 (Use): step 1 (Book) has no output missing");
    spec =
        spec(
            JobSpec.chained()
                .action("Book", "book", step -> step.node("n1"))
                .step("Use", "two", step -> step.input("p", "step_1_output.done")));
    failed = (Failed) ENGINE.execute(spec, context());
    assertThat(failed.error().message()).contains("step 2 (Use) needs q, and step 1 (Book)");
  }

  @Test
  void execute_action_getsEverythingAndIsAnEffect() {
    FakeContext context = context();
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .step("Normalise", "normalise")
                        .action(
                            "Book",
                            "book",
                            step -> step.input("extra", "step_1_output.normalised"))),
                context);
    Task book = context.tasks.get("a1/s2");
    assertThat(book.effect()).isEqualTo(Effect.EFFECTFUL);
    assertThat(book.input())
        .isEqualTo(
            new TaskInput.Tensors(Map.of("normalised", column(2, 3), "extra", column(2, 3))));
    assertThat(done.trace().get(1).modelId()).isEqualTo("book");
  }

  @Test
  void execute_cabinetWhoseRowsLeave_feedsOnWithoutTheIds() {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    rows.put("row_ids", Tensor.ofStrings(List.of("x")));
    rows.put("scaled", column(5));
    scripted.put("a1/s1", TaskResult.success("n1", rows, 1, 1));
    FakeContext context = context();
    ENGINE.execute(
        spec(
            JobSpec.chained()
                .step(
                    "Normalise",
                    "normalise",
                    step -> step.node("n1").from("patients").reduce(ReductionSpec.none()))
                .step("Triage", "triage")),
        context);
    Task first = context.tasks.get("a1/s1");
    assertThat(first.input()).isEqualTo(TaskInput.Cabinet.named("patients"));
    assertThat(first.reduction()).contains(ReductionSpec.none());
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(5))));
  }

  @Test
  void execute_timeoutAndRetries_reachTheTask() {
    FakeContext context = context();
    ENGINE.execute(
        spec(
            JobSpec.chained()
                .step("A", "normalise", step -> step.timeout(Duration.ofSeconds(9)).retries(4))
                .step("B", "triage")),
        context);
    assertThat(context.tasks.get("a1/s1").limits())
        .isEqualTo(new Task.Limits(Optional.of(Duration.ofSeconds(9)), Optional.of(4)));
    assertThat(context.tasks.get("a1/s2").limits()).isEqualTo(Task.Limits.standard());
  }
}
