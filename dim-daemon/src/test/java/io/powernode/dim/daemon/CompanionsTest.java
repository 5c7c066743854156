package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that wait for the one slot run together where their model gains from it. */
class CompanionsTest {
  private final ManualEnvironment environment = new ManualEnvironment();
  private final FakeModel models = new FakeModel();
  private final ModelDescriptor model = models.model("m");
  private PowerNode node;

  @TempDir Path folder;

  @BeforeEach
  void warmUp() {
    node =
        PowerNode.builder("n")
            .loader(models)
            .concurrency(1)
            .environment(environment)
            .modelFolder(folder)
            .build();
    node.attach(models);
    models.jointRows = 4;
    send("warm-up", 1);
    environment.runAll();
  }

  private static TaskEnvelope task(String job, ModelDescriptor model, float value) {
    return Tasks.onTensors(
        job, model, Map.of("features", Tensor.ofFloats(new float[] {value, 1}, 1, 2)));
  }

  private CompletableFuture<TaskResult> send(TaskEnvelope task, Duration deadline) {
    return node.execute(task, deadline).toCompletableFuture();
  }

  private CompletableFuture<TaskResult> send(String job, float value) {
    return send(task(job, model, value), Tasks.DEADLINE);
  }

  private List<CompletableFuture<TaskResult>> send(int count) {
    List<CompletableFuture<TaskResult>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(send("j" + i, i));
    }
    return answers;
  }

  private static float score(CompletableFuture<TaskResult> answer) {
    return ((TaskResult.Success) answer.join()).outputs().get("score").floats().get(0);
  }

  private static ErrorCode error(CompletableFuture<TaskResult> answer) {
    return Tasks.error(answer.join()).code();
  }

  @Test
  void tasks_thatWait_runTogetherAndGetTheirOwnAnswers() {
    List<CompletableFuture<TaskResult>> answers = send(6);

    environment.runAll();

    assertThat(models.together).containsExactly(4, 2);
    for (int i = 0; i < 6; i++) {
      assertThat(score(answers.get(i))).isEqualTo(i + 1f);
    }
    assertThat(environment.timers()).isZero();
    assertThat(node.load().active()).isZero();
  }

  @Test
  void task_thatIsAlone_waitsForNobody() {
    CompletableFuture<TaskResult> answer = send("alone", 2);

    environment.runStarted();

    assertThat(score(answer)).isEqualTo(3);
    assertThat(models.together).isEmpty();
  }

  @Test
  void tasks_ofModelThatGainsNothing_runOneByOne() {
    models.jointRows = 1;
    List<CompletableFuture<TaskResult>> answers = send(3);

    environment.runAll();

    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(models.together).isEmpty();
  }

  @Test
  void tasks_ofOtherModels_keepTheirTurns() {
    ModelDescriptor other = models.model("other");
    List<CompletableFuture<TaskResult>> answers = send(2);
    CompletableFuture<TaskResult> unlike = send(task("other", other, 9), Tasks.DEADLINE);
    CompletableFuture<TaskResult> last = send("last", 5);

    environment.runAll();

    assertThat(models.together).containsExactly(3);
    assertThat(score(answers.get(1))).isEqualTo(2);
    assertThat(score(unlike)).isEqualTo(10);
    assertThat(score(last)).isEqualTo(6);
  }

  @Test
  void failure_ofOneTask_isOnlyItsOwn() {
    models.behaviour =
        (inputs, cancellation) -> {
          Tensor features = inputs.get("features");
          if (features.floats().get(0) == 1) {
            throw new DimException(ErrorCode.INFERENCE_FAILED, "no ones");
          }
          return FakeModel.sums(inputs);
        };
    List<CompletableFuture<TaskResult>> answers = send(3);

    environment.runAll();

    assertThat(models.together).containsExactly(3);
    assertThat(score(answers.get(0))).isEqualTo(1);
    assertThat(error(answers.get(1))).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(score(answers.get(2))).isEqualTo(3);
  }

  @Test
  void error_ofTheRunTogether_leavesNobodyWaiting() {
    models.behaviour =
        (inputs, cancellation) -> {
          throw new StackOverflowError();
        };
    List<CompletableFuture<TaskResult>> answers = send(3);

    environment.runAll();

    assertThat(answers).allSatisfy(a -> assertThat(error(a)).isEqualTo(ErrorCode.INTERNAL));
    assertThat(node.load().active()).isZero();
  }

  @Test
  void input_thatDoesNotFit_isRefusedAlone() {
    CompletableFuture<TaskResult> first = send("first", 1);
    TaskEnvelope bad =
        Tasks.onTensors("bad", model, Map.of("features", Tensor.ofFloats(new float[3], 1, 3)));
    CompletableFuture<TaskResult> refused = send(bad, Tasks.DEADLINE);

    environment.runAll();

    assertThat(score(first)).isEqualTo(2);
    assertThat(error(refused)).isEqualTo(ErrorCode.INVALID_DATA);
  }

  @Test
  void cancel_ofOneTaskThatWaits_leavesTheOthersTogether() {
    List<CompletableFuture<TaskResult>> answers = send(3);
    node.cancel(Tasks.id("j1"), 1);

    environment.runAll();

    assertThat(models.together).containsExactly(2);
    assertThat(error(answers.get(1))).isEqualTo(ErrorCode.CANCELLED);
    assertThat(score(answers.get(2))).isEqualTo(3);
  }

  @Test
  void tasks_ofAnEarlierOwner_doNotRunWithTheOthers() {
    List<CompletableFuture<TaskResult>> answers = send(3);
    node.cancel(new TaskId("j1", "another step", 1, Tasks.id("j1").inputDigest()), 2);

    environment.runAll();

    assertThat(models.together).containsExactly(2);
    assertThat(error(answers.get(1))).isEqualTo(ErrorCode.FENCED);
    assertThat(score(answers.get(2))).isEqualTo(3);
  }

  @Test
  void cancel_ofOneTaskWhileAllRun_answersItAndTheOthers() {
    List<CompletableFuture<TaskResult>> answers = send(3);
    models.behaviour =
        (inputs, cancellation) -> {
          node.cancel(Tasks.id("j0"), 1);
          return FakeModel.sums(inputs);
        };

    environment.runAll();

    assertThat(error(answers.get(0))).isEqualTo(ErrorCode.CANCELLED);
    assertThat(score(answers.get(1))).isEqualTo(2);
    assertThat(score(answers.get(2))).isEqualTo(3);
  }

  @Test
  void task_withLittleTimeLeft_runsAloneAtOnce() {
    CompletableFuture<TaskResult> urgent = send(task("u", model, 7), Duration.ofMillis(2));
    List<CompletableFuture<TaskResult>> answers = send(2);

    environment.runAll();

    assertThat(score(urgent)).isEqualTo(8);
    assertThat(models.together).containsExactly(2);
    assertThat(answers).allMatch(CompletableFuture::isDone);
  }

  @Test
  void task_whoseTimeIsOver_isNoCompany() {
    List<CompletableFuture<TaskResult>> answers = send(2);
    CompletableFuture<TaskResult> late = send(task("late", model, 7), Duration.ofSeconds(1));
    environment.skip(Duration.ofSeconds(2));

    environment.runAll();

    assertThat(error(late)).isEqualTo(ErrorCode.TASK_TIMEOUT);
    assertThat(models.together).containsExactly(2);
    assertThat(answers).allMatch(CompletableFuture::isDone);
  }
}
