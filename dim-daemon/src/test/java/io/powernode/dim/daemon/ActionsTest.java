package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActionsTest {
  private final AtomicInteger performed = new AtomicInteger();
  private Optional<PowerNode> built = Optional.empty();

  private PowerNode node(UnaryOperator<Map<String, Tensor>> effect) {
    PowerNode node =
        PowerNode.builder("n").concurrency(4).action(TestActions.named("order", effect)).build();
    built = Optional.of(node);
    return node;
  }

  @AfterEach
  void end() {
    built.ifPresent(PowerNode::close);
  }

  private Map<String, Tensor> count(Map<String, Tensor> input) {
    return Map.of("number", Tensor.scalar((long) performed.incrementAndGet()));
  }

  private static TaskEnvelope attempt(String job, int attempt) {
    TaskEnvelope task = Tasks.action(job, "order");
    return new TaskEnvelope(
        new TaskId(job, "step", attempt, task.id().inputDigest()),
        task.epoch(),
        task.requester(),
        task.work(),
        task.input(),
        task.reduction(),
        task.effect());
  }

  @Test
  void action_askedForAgainUnderItsKey_answersTheSame() {
    PowerNode node = node(this::count);

    TaskResult.Success first = Tasks.success(node, attempt("a", 1));
    TaskResult.Success retried = Tasks.success(node, attempt("a", 2));
    TaskResult.Success other = Tasks.success(node, attempt("b", 1));

    assertThat(first.outputs()).containsExactly(Map.entry("number", Tensor.scalar(1L)));
    assertThat(retried.outputs()).isEqualTo(first.outputs());
    assertThat(other.outputs()).containsExactly(Map.entry("number", Tensor.scalar(2L)));
  }

  @Test
  void action_askedForAtOnceUnderOneKey_isPerformedOnce() {
    CountDownLatch go = new CountDownLatch(1);
    PowerNode node =
        node(
            input -> {
              Map<String, Tensor> answer = count(input);
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return answer;
            });
    List<CompletionStage<TaskResult>> answers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      answers.add(node.execute(attempt("a", i), Tasks.DEADLINE));
    }
    await().until(() -> node.load().active() == 4 && performed.get() == 1);
    go.countDown();

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(((TaskResult.Success) Tasks.await(answer)).outputs())
                    .containsEntry("number", Tensor.scalar(1L)));
    assertThat(performed).hasValue(1);
  }

  @Test
  void action_thatFailed_mayBeTriedAgain() {
    PowerNode node =
        node(
            input -> {
              if (performed.get() == 0) {
                performed.incrementAndGet();
                throw new DimException(ErrorCode.UNAVAILABLE, "the printer is out of paper");
              }
              return count(input);
            });

    assertThat(Tasks.error(node, attempt("a", 1)).message())
        .isEqualTo("the printer is out of paper");
    assertThat(Tasks.success(node, attempt("a", 2)).outputs())
        .containsEntry("number", Tensor.scalar(2L));
  }

  @Test
  void action_thatThrowsAnything_leavesNothingOfItsMessage() {
    PowerNode node =
        node(
            input -> {
              throw new IllegalStateException("jdbc:secret");
            });

    assertThat(Tasks.error(node, attempt("a", 1)).message()).isEqualTo("the action failed");
  }

  @Test
  void action_thatIsUnknownOrAsksForACabinet_isRefused() {
    PowerNode node = node(this::count);
    TaskEnvelope onCabinet =
        new TaskEnvelope(
            Tasks.id("a"),
            1,
            Tasks.ALICE,
            new TaskEnvelope.Work.Action("order"),
            TaskInput.Cabinet.named("patients"),
            Optional.empty(),
            Effect.EFFECTFUL);

    assertThat(Tasks.error(node, Tasks.action("a", "../rm")).message())
        .isEqualTo("the node has no action of this name");
    assertThat(Tasks.error(node, onCabinet).message())
        .contains("an action sees no rows of the node");
    assertThat(performed).hasValue(0);
  }

  @Test
  void answers_ofMoreKeysThanRemembered_areForgottenOldestFirst() {
    Actions actions = new Actions(Map.of("order", TestActions.named("order", this::count)), 2);
    for (String job : List.of("a", "b", "c", "b", "c", "a")) {
      actions.perform(new TaskEnvelope.Work.Action("order"), Map.of(), Tasks.id(job));
    }

    assertThat(performed).hasValue(4);
  }
}
