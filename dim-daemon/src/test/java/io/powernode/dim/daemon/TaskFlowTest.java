package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queue, deadlines, cancellation, fencing and kept answers, on a clock that a test moves. */
class TaskFlowTest {
  private static final Requester BOB = new Requester("bob", Optional.empty());
  private static final Map<String, Tensor> INPUT =
      Map.of("features", Tensor.ofFloats(new float[] {1, 2}, 1, 2));

  private final ManualEnvironment environment = new ManualEnvironment();
  private final FakeModel models = new FakeModel();
  private final ModelDescriptor model = models.model("m");
  private final List<String> order = new ArrayList<>();
  private PowerNode node;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    node = node(1, 2);
  }

  private PowerNode node(int slots, int queue) {
    PowerNode made =
        PowerNode.builder("n")
            .loader(models)
            .concurrency(slots)
            .queue(queue)
            .environment(environment)
            .modelFolder(folder)
            .build();
    made.attach(models);
    return made;
  }

  private TaskEnvelope task(String job) {
    return Tasks.onTensors(job, model, INPUT);
  }

  private CompletableFuture<TaskResult> send(TaskEnvelope task, Duration deadline) {
    CompletableFuture<TaskResult> answer = node.execute(task, deadline).toCompletableFuture();
    answer.thenAccept(
        result -> {
          if (result instanceof TaskResult.Success) {
            order.add(task.id().jobId());
          }
        });
    return answer;
  }

  private CompletableFuture<TaskResult> send(TaskEnvelope task) {
    return send(task, Tasks.DEADLINE);
  }

  private static ErrorInfo error(CompletableFuture<TaskResult> answer) {
    assertThat(answer).isDone();
    return Tasks.error(answer.join());
  }

  @Test
  void queue_whenFull_refusesAndSaysThatARetryMayHelp() {
    send(task("a"));
    send(task("b"));
    send(task("c"));

    ErrorInfo error = error(send(task("d")));

    assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(error.retryable()).isTrue();
    assertThat(node.load().active()).isEqualTo(1);
    assertThat(node.load().queued()).isEqualTo(2);
    environment.runAll();
    assertThat(order).containsExactly("a", "b", "c");
    assertThat(node.load().active()).isZero();
    assertThat(send(task("d"))).isNotDone();
  }

  @Test
  void queue_withSeveralRequesters_servesThemInTurn() {
    PowerNode busy = node(1, 100);
    List<CompletableFuture<TaskResult>> answers = new ArrayList<>();
    for (String job : List.of("a1", "a2", "a3", "a4")) {
      answers.add(ran(busy, task(job)));
    }
    answers.add(ran(busy, Tasks.from(BOB, task("b1"))));
    answers.add(ran(busy, Tasks.from(BOB, task("b2"))));

    environment.runAll();

    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(order).containsExactly("a1", "a2", "b1", "a3", "b2", "a4");
  }

  private CompletableFuture<TaskResult> ran(PowerNode busy, TaskEnvelope task) {
    CompletableFuture<TaskResult> answer = busy.execute(task, Tasks.DEADLINE).toCompletableFuture();
    answer.thenAccept(result -> order.add(task.id().jobId()));
    return answer;
  }

  @Test
  void slots_underLoad_areNeverMoreThanDeclared() {
    PowerNode wide = node(3, 100);
    for (int i = 0; i < 10; i++) {
      wide.execute(task("j" + i), Tasks.DEADLINE);
    }

    assertThat(environment.started()).isEqualTo(3);
    environment.runStarted();
    assertThat(environment.started()).isEqualTo(3);
    assertThat(wide.load().queued()).isEqualTo(4);
  }

  @Test
  void deadline_whileWaiting_answersAndFreesThePlace() {
    send(task("a"));
    CompletableFuture<TaskResult> waiting = send(task("b"), Duration.ofSeconds(1));
    send(task("c"));

    environment.advance(Duration.ofSeconds(1));

    assertThat(error(waiting).code()).isEqualTo(ErrorCode.TASK_TIMEOUT);
    assertThat(error(waiting).retryable()).isTrue();
    assertThat(((TaskResult.Failure) waiting.join()).durationMs()).isEqualTo(1000);
    assertThat(node.load().queued()).isEqualTo(1);
    environment.runAll();
    assertThat(order).containsExactly("a", "c");
    assertThat(environment.timers()).isZero();
  }

  @Test
  void deadline_thatPassedBeforeTheTurn_keepsTheModelFromRunning() {
    CompletableFuture<TaskResult> late = send(task("a"), Duration.ofSeconds(1));
    environment.skip(Duration.ofSeconds(2));

    environment.runAll();

    assertThat(error(late).code()).isEqualTo(ErrorCode.TASK_TIMEOUT);
    assertThat(models.loads).hasValue(0);
  }

  static Stream<Duration> badDeadlines() {
    return Stream.of(
        Duration.ZERO,
        Duration.ofSeconds(-1),
        Duration.ofDays(3650),
        Duration.ofSeconds(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("badDeadlines")
  void deadline_outOfRange_isRefused(Duration deadline) {
    assertThat(error(send(task("a"), deadline)).message())
        .isEqualTo("deadline: is out of range; allowed: above 0, up to 30 days");
  }

  @Test
  void cancel_ofAWaitingTask_answersAndFreesThePlace() {
    send(task("a"));
    CompletableFuture<TaskResult> waiting = send(task("b"));

    node.cancel(Tasks.id("b"), 1);
    node.cancel(Tasks.id("never-sent"), 1);

    assertThat(error(waiting).code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(node.load().queued()).isZero();
    environment.runAll();
    assertThat(order).containsExactly("a");
    assertThat(environment.timers()).isZero();
  }

  @Test
  void cancel_ofARunningTask_reachesTheInferenceBetweenBatches() {
    CompletableFuture<TaskResult> running = send(task("a"));
    models.behaviour =
        (inputs, cancellation) -> {
          assertThat(cancellation.isCancelled()).isFalse();
          node.cancel(Tasks.id("a"), 1);
          assertThat(cancellation.isCancelled()).isTrue();
          assertThat(node.load().active()).isEqualTo(1);
          return FakeModel.sums(inputs);
        };

    environment.runAll();

    assertThat(error(running).code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(node.load().active()).isZero();
  }

  @Test
  void cancel_afterTheEnd_changesNothing() {
    CompletableFuture<TaskResult> done = send(task("a"));
    environment.runAll();
    node.cancel(Tasks.id("a"), 1);

    assertThat(done.join()).isInstanceOf(TaskResult.Success.class);
    assertThat(send(task("a")).join()).isInstanceOf(TaskResult.Success.class);
  }

  @Test
  void epoch_lowerThanOneSeen_isFenced() {
    send(Tasks.atEpoch(5, task("a")));

    assertThat(error(send(Tasks.atEpoch(4, task("a")))).code()).isEqualTo(ErrorCode.FENCED);
    assertThat(send(Tasks.atEpoch(5, task("a")))).isNotDone();
    assertThat(send(Tasks.atEpoch(6, task("a")))).isNotDone();
    assertThat(error(send(Tasks.atEpoch(5, task("a")))).code()).isEqualTo(ErrorCode.FENCED);
    assertThat(send(Tasks.atEpoch(1, task("other")))).isNotDone();
  }

  @Test
  void epochs_ofMoreJobsThanRemembered_areForgottenOldestFirst() {
    EpochFence fence = new EpochFence(2);
    fence.pass("a", 5);
    fence.pass("b", 5);
    fence.pass("a", 5);
    fence.pass("c", 5);

    assertThat(Stream.of("a", "c").allMatch(job -> isFenced(fence, job))).isTrue();
    assertThat(isFenced(fence, "b")).isFalse();
  }

  private static boolean isFenced(EpochFence fence, String job) {
    try {
      fence.pass(job, 4);
      return false;
    } catch (DimException e) {
      return e.code() == ErrorCode.FENCED;
    }
  }

  @Test
  void identity_thatRunsOrIsKept_isNotRunAgain() {
    List<CompletableFuture<TaskResult>> answers =
        List.of(send(task("a")), send(task("a")), send(Tasks.atEpoch(9, task("a"))));
    environment.runAll();
    answers = new ArrayList<>(answers);
    answers.add(send(Tasks.atEpoch(9, task("a"))));

    TaskResult first = answers.get(0).join();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(first));
    assertThat(environment.started()).isZero();
  }

  @Test
  void identity_thatWasAcknowledgedOrIsAnother_runs() {
    send(task("a"));
    environment.runAll();
    TaskEnvelope again = task("a");
    TaskEnvelope secondAttempt =
        withId(again, new TaskId("a", "step", 2, again.id().inputDigest()));
    TaskEnvelope otherInput = withId(again, new TaskId("a", "step", 1, Digest.of(new byte[] {1})));

    assertThat(send(secondAttempt)).isNotDone();
    assertThat(send(otherInput)).isNotDone();
    node.acknowledge(Tasks.id("a"));
    assertThat(send(again)).isNotDone();
  }

  private static TaskEnvelope withId(TaskEnvelope task, TaskId id) {
    return new TaskEnvelope(
        id,
        task.epoch(),
        task.requester(),
        task.work(),
        task.input(),
        task.reduction(),
        task.effect());
  }

  @Test
  void answer_thatAPersonOutsideCompletes_staysTheNodes() {
    CompletableFuture<TaskResult> mine = send(task("a"));
    mine.complete(TaskResult.success("liar", Map.of(), 1, 1));

    CompletableFuture<TaskResult> other = send(task("a"));
    environment.runAll();

    assertThat(other.join().nodeId()).isEqualTo("n");
  }

  @Test
  void close_whileTasksWait_answersThemAndRefusesMore() {
    CompletableFuture<TaskResult> started = send(task("a"));
    CompletableFuture<TaskResult> waiting = send(task("b"));
    models.behaviour =
        (inputs, cancellation) -> {
          throw new AssertionError("ran");
        };
    Thread closing = new Thread(node::close);
    closing.start();
    await().until(() -> started.isDone() && waiting.isDone());

    assertThat(error(started).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(error(waiting).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(error(send(task("c"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(closing.isAlive()).isTrue();
    environment.runAll();
    await().until(() -> !closing.isAlive());
  }
}
