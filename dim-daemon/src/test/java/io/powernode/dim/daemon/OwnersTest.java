package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job's earlier owner had asked for, when a later one comes to the node. */
class OwnersTest {
  private static final Map<String, Tensor> INPUT =
      Map.of("features", Tensor.ofFloats(new float[] {1, 2}, 1, 2));
  private static final long EARLIER = 4;
  private static final long LATER = 5;

  private final ManualEnvironment environment = new ManualEnvironment();
  private final FakeModel models = new FakeModel();
  private final ModelDescriptor model = models.model("m");
  private final List<String> done = new ArrayList<>();
  private PowerNode node;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    node =
        PowerNode.builder("n")
            .loader(models)
            .action(TestActions.named("do", this::did))
            .concurrency(1)
            .queue(10)
            .environment(environment)
            .modelFolder(folder)
            .build();
    node.attach(models);
  }

  private Map<String, Tensor> did(Map<String, Tensor> input) {
    done.addAll(input.keySet());
    return input;
  }

  private static TaskEnvelope task(String step, long epoch) {
    TaskEnvelope action = Tasks.action("job", "do");
    return new TaskEnvelope(
        new TaskId("job", step, 1, action.id().inputDigest()),
        epoch,
        action.requester(),
        action.work(),
        new TaskInput.Tensors(Map.of(step, Tensor.scalar(1.0))),
        action.reduction(),
        action.effect());
  }

  private CompletableFuture<TaskResult> send(TaskEnvelope task) {
    return node.execute(task, Tasks.DEADLINE).toCompletableFuture();
  }

  private CompletableFuture<TaskResult> send(String step, long epoch) {
    return send(task(step, epoch));
  }

  private static ErrorCode error(CompletableFuture<TaskResult> answer) {
    assertThat(answer).isDone();
    return Tasks.error(answer.join()).code();
  }

  /** Takes the only slot until {@link ManualEnvironment#runAll}. */
  private void beBusy() {
    send(Tasks.onTensors("another", model, INPUT));
  }

  @Test
  void waitingTask_thatTheLaterOwnerDoesNotAskFor_doesNotBegin() {
    beBusy();
    CompletableFuture<TaskResult> unasked = send("a", EARLIER);
    CompletableFuture<TaskResult> other = send("b", LATER);
    environment.runAll();

    assertThat(error(unasked)).isEqualTo(ErrorCode.FENCED);
    assertThat(other.join()).isInstanceOf(TaskResult.Success.class);
    assertThat(done).containsExactly("b");
    assertThat(environment.timers()).isZero();
  }

  @Test
  void waitingTask_thatTheLaterOwnerAsksForAgain_runsInItsTurnForBoth() {
    beBusy();
    CompletableFuture<TaskResult> first = send("a", EARLIER);
    CompletableFuture<TaskResult> other = send("b", LATER);
    CompletableFuture<TaskResult> again = send("a", LATER);
    environment.runAll();

    assertThat(again.join()).isInstanceOf(TaskResult.Success.class).isEqualTo(first.join());
    assertThat(other.join()).isInstanceOf(TaskResult.Success.class);
    assertThat(done).containsExactly("a", "b");
  }

  @Test
  void waitingTask_whoseTurnCameBeforeTheLaterOwnerAsked_runsWhenItDoes() {
    beBusy();
    CompletableFuture<TaskResult> first = send("a", EARLIER);
    send("b", LATER);
    environment.runAll();
    CompletableFuture<TaskResult> again = send("a", LATER);
    environment.runAll();

    assertThat(error(first)).isEqualTo(ErrorCode.FENCED);
    assertThat(again.join()).isInstanceOf(TaskResult.Success.class);
    assertThat(done).containsExactly("b", "a");
  }

  @Test
  void waitingTask_ofAnotherJob_isNobodyElsesBusiness() {
    beBusy();
    CompletableFuture<TaskResult> other = send(Tasks.atEpoch(1, Tasks.action("other", "do")));
    send("b", LATER);
    environment.runAll();

    assertThat(other.join()).isInstanceOf(TaskResult.Success.class);
  }

  /** Runs a task of the earlier owner, in the midst of which something happens. */
  private CompletableFuture<TaskResult> whileRunning(Runnable what) {
    TaskEnvelope task = Tasks.atEpoch(EARLIER, Tasks.onTensors("job", model, INPUT));
    models.behaviour =
        (inputs, cancellation) -> {
          done.add("inference");
          what.run();
          return FakeModel.sums(inputs);
        };
    CompletableFuture<TaskResult> answer = send(task);
    environment.runAll();
    return answer;
  }

  private TaskEnvelope inference(long epoch) {
    return Tasks.atEpoch(epoch, Tasks.onTensors("job", model, INPUT));
  }

  @Test
  void runningTask_thatTheLaterOwnerAsksForAgain_isJoined() {
    List<CompletableFuture<TaskResult>> again = new ArrayList<>();
    CompletableFuture<TaskResult> first =
        whileRunning(
            () -> {
              again.add(send(inference(LATER)));
              node.cancel(inference(EARLIER).id(), EARLIER);
            });

    assertThat(first.join()).isInstanceOf(TaskResult.Success.class);
    assertThat(again.get(0).join()).isEqualTo(first.join());
    assertThat(done).containsExactly("inference");
  }

  @Test
  void runningTask_thatTheLaterOwnerDoesNotAskFor_isDoneAndItsAnswerKept() {
    CompletableFuture<TaskResult> first = whileRunning(() -> send("b", LATER));
    assertThat(first.join()).isInstanceOf(TaskResult.Success.class);

    assertThat(send(inference(LATER)).join()).isEqualTo(first.join());
    assertThat(error(send(inference(EARLIER)))).isEqualTo(ErrorCode.FENCED);
    assertThat(done).containsExactly("inference", "b");
  }

  @Test
  void runningTask_thatTheLaterOwnerCancels_isStopped() {
    CompletableFuture<TaskResult> first =
        whileRunning(() -> node.cancel(inference(LATER).id(), LATER));

    assertThat(error(first)).isEqualTo(ErrorCode.CANCELLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "never sent"})
  void cancel_byALaterOwner_keepsTheEarlierOneFromBeginningAnything(String cancelled) {
    beBusy();
    CompletableFuture<TaskResult> waiting = send("a", EARLIER);
    node.cancel(task(cancelled, LATER).id(), LATER);
    environment.runAll();

    assertThat(error(waiting)).isIn(ErrorCode.CANCELLED, ErrorCode.FENCED);
    assertThat(error(send("b", EARLIER))).isEqualTo(ErrorCode.FENCED);
    assertThat(done).isEmpty();
  }
}
