package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Jobs that outlive their orchestrator, on a store that keeps bytes. */
class RecoveryTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Tensor ONE = Tensor.ofFloats(new float[] {1, Float.NaN});
  private static final JobSpec JOB =
      JobSpec.of(new ScriptedEngine.Spec()).input("x", ONE).idempotencyKey("k").build();

  private final Environment environment = Environment.system();
  private final StateStore store = new BytesOnlyStore(InMemoryStateStore.create(environment));

  private Orchestrator orchestrator(EchoNode node, Function<PatternContext, PatternResult> script) {
    return Dim.orchestrator()
        .store(store)
        .node(node)
        .node(new EchoNode("other"))
        .plugin(new ScriptedEngine(script))
        .build();
  }

  /** Uses everything that is journaled. */
  private static PatternResult everything(PatternContext c) {
    String chosen = c.nodes("choose", NodeRequirements.any()).nodes().get(0);
    long noted = c.record("note", Long.class, () -> 7L);
    c.onRollback(
        "a", Task.action("undo-a", "unbook").onNode("n1").input(new TaskInput.OutputOf("a")));
    c.run(Task.action("a", "book").onNode("n1").input(c.inputData()));
    List<RollbackOutcome> undone = c.rollback("back", LIMIT);
    c.runAll(
        "group",
        List.of(
            Task.action("g1", "book").onNode("n1").input(c.inputData()),
            Task.action("g2", "book").onNode("n1")),
        Until.all());
    TaskResult last = c.run(Task.action("last", "book").onNode("n1").input(c.inputData()));
    Optional<ReviewAnswer> review =
        c.review(
            "ask",
            new ReviewRequest(
                List.of("y", "n"),
                List.of(new ReviewRequest.Item("r", Map.of("m", "y"), 0.5)),
                Optional.empty()));
    if (review.isEmpty()) {
      return PatternResult.awaitingReview();
    }
    return PatternResult.completed(
        JobOutput.ofTensors(((TaskResult.Success) last).outputs(), noted),
        Evidence.of(chosen + undone.size() + review.get().review().get().reviewer()));
  }

  @Test
  void close_atEveryStep_nextOwnerGoesOnWithoutRepeatingAnything() {
    for (int stopAfter = 0; stopAfter < 6; stopAfter++) {
      StateStore fresh = new BytesOnlyStore(InMemoryStateStore.create(environment));
      int answers = stopAfter;
      int[] served = {0};
      EchoNode dying =
          new EchoNode(
              "n1",
              call ->
                  served[0]++ < answers
                      ? CompletableFuture.completedFuture(EchoNode.echo("n1", call))
                      : new CompletableFuture<>());
      EchoNode healthy = new EchoNode("n1");
      String id;
      try (Orchestrator first =
          Dim.orchestrator()
              .store(fresh)
              .node(dying)
              .plugin(new ScriptedEngine(RecoveryTest::everything))
              .build()) {
        id = first.submit(JOB).jobId();
        if (answers < 5) {
          Awaitility.await().until(() -> served[0] > answers);
        } else {
          Awaitility.await().until(() -> first.status(id).state() == JobState.AWAITING_REVIEW);
        }
      }
      try (Orchestrator second =
          Dim.orchestrator()
              .store(fresh)
              .node(healthy)
              .plugin(new ScriptedEngine(RecoveryTest::everything))
              .build()) {
        Awaitility.await().until(() -> second.status(id).state() == JobState.AWAITING_REVIEW);
        second.review(id, new Review("ann", Map.of("r", "n"), Optional.of("sure")));

        assertThat(second.await(id, LIMIT).output().tensors()).isEqualTo(Map.of("x", ONE));
        assertThat(second.result(id).output().samples()).contains(7L);
        assertThat(second.result(id).evidence().method()).isEqualTo("n11ann");
        List<String> answered =
            dying.calls.stream().limit(answers).map(call -> call.id().step()).toList();
        assertThat(healthy.calls)
            .extracting(call -> call.id().step())
            .allSatisfy(step -> assertThat(answered).doesNotContain(step));
        assertThat(second.submit(JOB).jobId()).isEqualTo(id);
      }
    }
  }

  @Test
  void takeOver_ofManyJobsThatMustEnd_endsFewAtOnce() {
    EchoNode silent = new EchoNode("n1", call -> new CompletableFuture<>());
    List<String> jobs = new ArrayList<>();
    try (Orchestrator first = orchestrator(silent, RecoveryTest::everything)) {
      for (int i = 0; i < 3 * JobService.ENDINGS; i++) {
        jobs.add(first.submit(JobSpec.of(new ScriptedEngine.Spec()).build()).jobId());
      }
    }
    JobBook book = new JobBook(store, DimJson.standard());
    for (String id : jobs) {
      Write cancel = book.put(new Intent.Cancel(id));
      store.commit(new Commit("elsewhere", "tx-" + id, List.of(), List.of(cancel)));
    }
    AtomicInteger ending = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Function<PatternContext, PatternResult> slow =
        c -> {
          most.accumulateAndGet(ending.incrementAndGet(), Math::max);
          awaited(go);
          ending.decrementAndGet();
          throw new IllegalStateException("stopped");
        };
    try (Orchestrator second = orchestrator(new EchoNode("n1"), slow)) {
      Awaitility.await().until(() -> ending.get() == JobService.ENDINGS);
      go.countDown();
      for (String id : jobs) {
        Awaitility.await().until(() -> second.status(id).state() == JobState.CANCELLED);
      }
      assertThat(most).hasValue(JobService.ENDINGS);
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void cancel_whileNobodyOwnsTheJob_isHeededByTheNextOwner() {
    String id;
    EchoNode silent = new EchoNode("n1", call -> new CompletableFuture<>());
    try (Orchestrator first = orchestrator(silent, RecoveryTest::everything)) {
      id = first.submit(JOB).jobId();
      Awaitility.await().until(() -> !silent.calls.isEmpty());
    }
    store.commit(
        new Commit(
            "elsewhere",
            "tx-elsewhere",
            List.of(),
            List.of(new JobBook(store, DimJson.standard()).put(new Intent.Cancel(id)))));
    try (Orchestrator second = orchestrator(new EchoNode("n1"), RecoveryTest::everything)) {
      Awaitility.await().until(() -> second.status(id).state() == JobState.CANCELLED);
    }
  }
}
