package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResult.Failure;
import io.powernode.dim.spi.TaskResult.Success;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FakeNodeTest {
  private static final Map<String, Tensor> ANSWER =
      Map.of("y", Tensor.ofDoubles(new double[] {1, 2}));
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
  private final FakeNode node =
      new FakeNode(FakeProfile.of("n1").dataSet("patients", "medical", 42).build(), environment);

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void script_ofAStep_goesBeforeThatOfAModel() {
    node.on("m", Reply.answer(ANSWER)).on("special", Reply.fail(ErrorCode.INFERENCE_FAILED));
    assertThat(run("plain", 1)).isInstanceOf(Success.class);
    assertThat(error(run("special", 1)).code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
  }

  @Test
  void script_ofSeveralReplies_isFollowedInOrderAndTheLastGoesOn() {
    node.on("m", Reply.fail(ErrorCode.NODE_LOST), Reply.answer(ANSWER));
    assertThat(error(run("s", 1)).retryable()).isTrue();
    assertThat(run("s", 2)).isInstanceOf(Success.class);
    assertThat(run("s", 3)).isInstanceOf(Success.class);
    assertThat(node.log().attempts("s")).containsExactly(1, 2, 3);
  }

  @Test
  void task_forWhichNothingIsScripted_failsForGood() {
    assertThat(error(run("s", 1)).retryable()).isFalse();
  }

  @Test
  void delayedReply_beforeItsTime_isNotThere() {
    node.on("m", Reply.answer(ANSWER).after(Duration.ofSeconds(3)));
    CompletableFuture<TaskResult> running = send("s", 1, 1);
    environment.advance(Duration.ofMillis(2999));
    assertThat(running).isNotDone();
    environment.advance(Duration.ofMillis(1));
    assertThat(running).isCompleted();
    assertThat(running.join().durationMs()).isEqualTo(3000);
  }

  @Test
  void hangingTask_whenCancelled_fails() {
    node.on("m", Reply.hang());
    CompletableFuture<TaskResult> running = send("s", 1, 1);
    environment.advance(Duration.ofDays(1));
    assertThat(running).isNotDone();
    node.cancel(task("s", 1, 1).id(), 1);
    assertThat(error(running.join()).code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(node.log().cancelled()).containsExactly(task("s", 1, 1).id());
  }

  @Test
  void vanishingNode_untilItComesBack_answersNothing() {
    node.on("slow", Reply.answer(ANSWER).after(Duration.ofSeconds(1)));
    node.on("m", Reply.vanish(), Reply.answer(ANSWER));
    CompletableFuture<TaskResult> slow = send("slow", 1, 1);
    CompletableFuture<TaskResult> fatal = send("s", 1, 1);
    CompletableFuture<TaskResult> later = send("s", 2, 1);
    environment.advance(Duration.ofDays(1));
    node.cancel(task("s", 1, 1).id(), 1);
    assertThat(List.of(slow, fatal, later)).noneMatch(CompletableFuture::isDone);
    node.comeBack();
    assertThat(run("s", 3)).isInstanceOf(Success.class);
  }

  @Test
  void wrongAnswers_always_areWrongInTheirWay() {
    node.on("nan", Reply.answer(ANSWER).withNaN()).on("shape", Reply.answer(ANSWER).misshapen());
    assertThat(outputs(run("nan", 1)).get("y").toDoubles()).containsExactly(Double.NaN, 2);
    assertThat(outputs(run("shape", 1)).get("y").shape()).containsExactly(3);
    assertThat(ANSWER.get("y").toDoubles()).as("the original").containsExactly(1, 2);
  }

  @Test
  void effect_whoseAnswerIsLost_happensOnce() {
    AtomicInteger bookings = new AtomicInteger();
    Reply book =
        Reply.answer(task -> Map.of("n", Tensor.scalar((long) bookings.incrementAndGet())));
    node.on("book", book.losingTheAnswer(), book);
    assertThat(error(action("s", 1)).code()).isEqualTo(ErrorCode.NODE_LOST);
    assertThat(outputs(action("s", 2)).get("n")).isEqualTo(Tensor.scalar(1L));
    assertThat(outputs(action("t", 1)).get("n")).isEqualTo(Tensor.scalar(2L));
    assertThat(node.effects()).isEqualTo(Map.of("job/s", 2, "job/t", 1));
    assertThat(bookings).hasValue(2);
  }

  @Test
  void script_thatThrowsAnError_failsWithItAndHasNoEffect() {
    node.on(
        "book",
        Reply.answer(
            task -> {
              throw new DimException(ErrorCode.FENCED, "not by you");
            }));
    assertThat(error(action("s", 1)).message()).isEqualTo("not by you");
    assertThat(node.effects()).isEmpty();
  }

  @Test
  void samples_unlessSaid_areTheCabinetsRows() {
    node.on("m", Reply.answer(ANSWER)).on("few", Reply.answer(ANSWER).samples(7));
    assertThat(((Success) run("s", 1)).samples()).isEqualTo(42);
    assertThat(((Success) run("few", 1)).samples()).isEqualTo(7);
  }

  @Test
  void kept_untilAcknowledged_holdsTheAnswer() {
    node.on("m", Reply.answer(ANSWER));
    run("s", 1);
    TaskId id = task("s", 1, 1).id();
    assertThat(node.kept()).containsExactly(id);
    node.acknowledge(id);
    assertThat(node.kept()).isEmpty();
    assertThat(node.log().acknowledged()).containsExactly(id);
  }

  /** A fake node is a node: the contract holds for it too. */
  @Nested
  class Contract extends NodeEndpointContract {
    private final AtomicInteger done = new AtomicInteger();
    private final Environment real = Environment.system();

    @Override
    protected NodeEndpoint create() {
      Reply counted =
          Reply.answer(
              task -> {
                done.incrementAndGet();
                return ANSWER;
              });
      return new FakeNode(FakeProfile.of("n1").build(), real)
          .on("m", counted)
          .on("book", Reply.answer(ANSWER))
          .on("endless", Reply.hang());
    }

    @Override
    protected Optional<Work.Action> action() {
      return Optional.of(new Work.Action("book"));
    }

    @Override
    protected Work work() {
      return new Work.Model(FakeModels.model("m"));
    }

    @Override
    protected Optional<Work> endlessWork() {
      return Optional.of(new Work.Model(FakeModels.model("endless")));
    }

    @Override
    protected TaskInput input() {
      return new TaskInput.Tensors(Map.of());
    }

    @Override
    protected int timesDone() {
      return done.get();
    }

    @AfterEach
    void closeEnvironment() {
      real.close();
    }
  }

  private TaskResult run(String step, int attempt) {
    return finish(send(step, attempt, 1));
  }

  private TaskResult action(String step, int attempt) {
    TaskEnvelope task = task(step, attempt, 1);
    TaskEnvelope action =
        new TaskEnvelope(
            task.id(),
            1,
            task.requester(),
            new Work.Action("book"),
            task.input(),
            Optional.empty(),
            Effect.EFFECTFUL);
    return finish(node.execute(action, DEADLINE).toCompletableFuture());
  }

  private TaskResult finish(CompletableFuture<TaskResult> running) {
    environment.runUntilIdle();
    assertThat(running).isCompleted();
    return running.join();
  }

  private CompletableFuture<TaskResult> send(String step, int attempt, long epoch) {
    return node.execute(task(step, attempt, epoch), DEADLINE).toCompletableFuture();
  }

  private static TaskEnvelope task(String step, int attempt, long epoch) {
    return new TaskEnvelope(
        new TaskId("job", step, attempt, Digest.of(new byte[0])),
        epoch,
        new Requester("ann", Optional.empty()),
        new Work.Model(FakeModels.model("m")),
        TaskInput.Cabinet.named("patients"),
        Optional.empty(),
        Effect.PURE);
  }

  private static Map<String, Tensor> outputs(TaskResult result) {
    assertThat(result).isInstanceOf(Success.class);
    return ((Success) result).outputs();
  }

  private static ErrorInfo error(TaskResult result) {
    assertThat(result).isInstanceOf(Failure.class);
    return ((Failure) result).error();
  }
}
