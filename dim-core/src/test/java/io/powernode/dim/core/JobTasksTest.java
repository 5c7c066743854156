package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.Until;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks, groups and nested patterns. */
class JobTasksTest extends JobEngineFixture {
  @Test
  void runAll_stragglerLeftBehind_standsAsLate() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.runAll("all", List.of(hang("s"), book("f")), Until.quorum(1));
                  return done();
                })
            .build()) {
      JobHandle job = dim.submit(JOB);
      job.await(LIMIT);

      assertThat(job.status().nodes())
          .extracting(NodeProgress::nodeId, NodeProgress::status)
          .containsExactlyInAnyOrder(
              tuple("n1", NodeProgress.Status.DONE), tuple("n2", NodeProgress.Status.LATE));
    }
  }

  @Test
  void cancel_groupUnderWay_reachesEveryTask() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.runAll("all", List.of(hang("a"), hang("b"), hang("c")), Until.all());
                  return done();
                })
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> silent.calls.size() == 3);
      job.cancel();

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.CANCELLED);
      assertThat(silent.cancelled).hasSize(3);
    }
  }

  @Test
  void execute_thousandsOfTasksAndCompensations_takesNoMoreThanLinearTime() {
    List<Task> group = IntStream.range(0, 10_000).mapToObj(i -> book("g" + i)).toList();
    try (Orchestrator dim =
        builder(
                c -> {
                  c.runAll("all", group, Until.all());
                  for (int i = 0; i < 1_000; i++) {
                    c.onRollback("s" + i, Task.action("undo" + i, "unbook").onNode("n1"));
                    c.run(book("s" + i));
                  }
                  throw new IllegalStateException("at the end");
                })
            .build()) {
      JobHandle job = dim.submit(JOB);

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.ENGINE_FAULT);
      assertThat(node.calls).hasSize(12_000);
    }
  }

  static Stream<Arguments> badNames() {
    return Stream.of(
        Arguments.of("a\u0000b", "holds U+0000"),
        Arguments.of("cut \ud83d", "an unpaired surrogate"),
        Arguments.of("\u00e4".repeat(501), "1000 bytes"));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void step_nameThatNoStoreKeeps_failsTheJobAndSaysWhatIsAllowed(String name, String problem) {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.record(name, Integer.class, () -> 1);
                  return done();
                })
            .build()) {
      Throwable failed = catchThrowable(() -> dim.submit(JOB).await(LIMIT));

      assertCode(failed, ErrorCode.ENGINE_FAULT);
      assertThat(failed).hasMessageContaining(problem).hasMessageNotContaining(name);
    }
  }

  @Test
  void step_nameOfAsManyBytesAsAllowed_isTaken() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.record("\u00e4".repeat(500), Integer.class, () -> 1);
                  return done();
                })
            .build()) {
      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void record_null_failsTheJob() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.record("note", String.class, () -> null);
                  return done();
                })
            .build()) {
      JobHandle job = dim.submit(JOB);

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.ENGINE_FAULT);
    }
  }

  @Test
  void child_sameStepNames_haveTheirOwnSpaceAndNoSlot() {
    AtomicInteger depth = new AtomicInteger();
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a"));
                  if (depth.getAndIncrement() < 2) {
                    c.child("sub", Block.of(new ScriptedEngine.Spec(), Map.of()));
                  }
                  return done();
                })
            .maxConcurrentJobs(1)
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(node.calls)
          .extracting(call -> call.id().step())
          .containsExactly("a", "sub/a", "sub/sub/a");
    }
  }

  @Test
  void answer_thatComesTooLate_isAcknowledgedWhenTheJobHasEnded() {
    Map<String, CompletableFuture<TaskResult>> answers = new ConcurrentHashMap<>();
    EchoNode slow =
        new EchoNode(
            "n3",
            call -> answers.computeIfAbsent(call.id().step(), s -> new CompletableFuture<>()));
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(
                      Task.action("slow", "book")
                          .onNode("n3")
                          .timeout(Duration.ofMillis(20))
                          .retries(0));
                  c.runAll(
                      "most",
                      List.of(
                          Task.action("left", "book").onNode("n3").effect(Effect.PURE),
                          book("quick").effect(Effect.PURE)),
                      Until.quorum(1));
                  c.run(hang("wait"));
                  return done();
                })
            .node(slow)
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> !silent.calls.isEmpty());
      slow.calls.forEach(call -> answers.get(call.id().step()).complete(EchoNode.echo("n3", call)));
      assertThat(slow.acknowledged).extracting(TaskId::step).containsExactly("slow");
      job.cancel();

      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(slow.acknowledged)
                      .extracting(TaskId::step)
                      .containsExactlyInAnyOrder("slow", "slow", "left"));
    }
  }

  @Test
  void run_onlyNodeFailsOnce_isTriedThereAgain() {
    AtomicInteger attempts = new AtomicInteger();
    EchoNode flaky =
        new EchoNode(
            "n1",
            call ->
                CompletableFuture.completedFuture(
                    attempts.getAndIncrement() == 0
                        ? EchoNode.failure("n1", new DimException(ErrorCode.NODE_LOST, "gone"))
                        : EchoNode.echo("n1", call)));
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(flaky)
            .retries(new RetryPolicy(2, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
            .plugin(
                new ScriptedEngine(
                    c ->
                        c.run(Task.action("a", "book").effect(Effect.PURE))
                                instanceof TaskResult.Success
                            ? done()
                            : null))
            .build()) {
      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void run_nodeAnswersForAnother_countsAsAFailure() {
    EchoNode liar =
        new EchoNode("n1", call -> CompletableFuture.completedFuture(EchoNode.echo("n9", call)));
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(liar)
            .plugin(
                new ScriptedEngine(
                    c -> c.run(book("a")) instanceof TaskResult.Failure ? done() : null))
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).metadata().nodesUsed()).isEmpty();
    }
  }

  @Test
  void maintenance_nodeOutOfService_getsNoTaskThatMayGoElsewhere() {
    EchoNode other = new EchoNode("n3");
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(node)
            .node(other)
            .plugin(
                new ScriptedEngine(
                    c -> {
                      c.run(Task.action("a", "book").effect(Effect.PURE));
                      return done();
                    }))
            .build()) {
      dim.maintenance("n1", true);
      for (int i = 0; i < 5; i++) {
        dim.submit(JOB).await(LIMIT);
      }
      assertThat(node.calls).isEmpty();
      assertThat(other.calls).hasSize(5);
      dim.maintenance("n1", false);
      dim.maintenance("n3", true);
      dim.submit(JOB).await(LIMIT);
      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void execute_engineThrowsACheckedExceptionOfAnotherLanguage_failsTheJob() {
    try (Orchestrator dim =
        builder(c -> JobTasksTest.<RuntimeException>sneaky(new IOException("checked"))).build()) {
      assertCode(catchThrowable(() -> dim.submit(JOB).await(LIMIT)), ErrorCode.ENGINE_FAULT);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> PatternResult sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
