package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An action and its undoing on one node: whatever happens, the undoing comes last. */
class UndoingTest {
  private static final Work.Action DO = new Work.Action("do");
  private static final Work.Action UNDO = new Work.Action("undo", Optional.of("step"));

  private final List<String> order = new CopyOnWriteArrayList<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile boolean fails;
  private final PowerNode node =
      PowerNode.builder("n")
          .concurrency(3)
          .action(TestActions.named("do", this::act))
          .action(TestActions.named("undo", this::undo))
          .build();

  @AfterEach
  void end() {
    go.countDown();
    node.close();
  }

  private Map<String, Tensor> act(Map<String, Tensor> input) {
    order.add("begun");
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    order.add("done");
    if (fails) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the printer is out of paper");
    }
    return input;
  }

  private Map<String, Tensor> undo(Map<String, Tensor> input) {
    order.add("undone");
    return input;
  }

  private static TaskId id(String job, String step, int attempt) {
    return new TaskId(job, step, attempt, Tasks.id(job).inputDigest());
  }

  private static TaskEnvelope task(Work.Action action, TaskId id, long epoch) {
    TaskEnvelope task = Tasks.action(id.jobId(), action.name());
    return new TaskEnvelope(
        id, epoch, task.requester(), action, task.input(), task.reduction(), task.effect());
  }

  private static TaskEnvelope act(String job, int attempt) {
    return task(DO, id(job, "step", attempt), 1);
  }

  private static TaskEnvelope undo(String job, long epoch) {
    return task(UNDO, id(job, "step/undo", 1), epoch);
  }

  /** How an orchestrator comes to undo what still runs. */
  private enum Why {
    CANCELLED,
    LOST_SIGHT_OF,
    FAILS_LATER,
    HAS_A_LATER_OWNER
  }

  @ParameterizedTest
  @EnumSource(Why.class)
  void undoing_ofAnActionThatStillRuns_waitsForIt(Why why) {
    node.execute(act("a", 1), Tasks.DEADLINE);
    await().until(() -> order.contains("begun"));
    fails = why == Why.FAILS_LATER;
    if (why == Why.CANCELLED) {
      node.cancel(act("a", 1).id(), 1);
    }
    CompletionStage<TaskResult> undoing =
        node.execute(undo("a", why == Why.HAS_A_LATER_OWNER ? 2 : 1), Tasks.DEADLINE);
    await().until(() -> node.load().active() == 2);
    Tasks.success(node, undo("another", 1));
    order.add("let go");
    go.countDown();

    assertThat(Tasks.await(undoing)).isInstanceOf(TaskResult.Success.class);
    assertThat(order).containsExactly("begun", "undone", "let go", "done", "undone");
  }

  @Test
  void action_thatComesAfterItsUndoing_isNotPerformed() {
    go.countDown();
    Tasks.success(node, undo("a", 1));

    assertThat(Tasks.error(node, act("a", 1)).code()).isEqualTo(ErrorCode.CANCELLED);
    Tasks.success(node, act("another", 1));
    assertThat(order).containsExactly("undone", "begun", "done");
  }

  @Test
  void action_thatWasPerformedBeforeItsUndoing_answersTheSameAfterIt() {
    go.countDown();
    TaskResult.Success first = Tasks.success(node, act("a", 1));
    Tasks.success(node, undo("a", 1));

    assertThat(Tasks.success(node, act("a", 2)).outputs()).isEqualTo(first.outputs());
    assertThat(order).containsExactly("begun", "done", "undone");
  }

  @Test
  void undoings_ofMoreKeysThanRemembered_areForgottenOldestFirst() {
    Actions actions = new Actions(Map.of("undo", TestActions.named("undo", this::undo)), 2);
    for (String job : List.of("a", "b", "c")) {
      actions.perform(UNDO, Map.of(), id(job, "step/undo", 1));
    }
    Work.Action action = new Work.Action("undo");

    actions.perform(action, Map.of(), id("a", "step", 1));
    assertThatThrownBy(() -> actions.perform(action, Map.of(), id("b", "step", 1)))
        .hasMessage("the node was asked to undo the action");
    assertThat(order).hasSize(4);
  }
}
