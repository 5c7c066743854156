package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OrchestratorTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Tensor ONE = Tensor.scalar(1.0);
  private static final JobSpec JOB = JobSpec.of(new ScriptedEngine.Spec()).build();

  private final EchoNode node = new EchoNode("n1");

  private Orchestrator orchestrator(Function<PatternContext, PatternResult> script) {
    return Dim.orchestrator().node(node).plugin(new ScriptedEngine(script)).build();
  }

  private static PatternResult done(Map<String, Tensor> tensors) {
    return PatternResult.completed(JobOutput.ofTensors(tensors), Evidence.of("scripted"));
  }

  private static Task book(String step) {
    return Task.action(step, "book").input(Map.of("x", ONE));
  }

  @Test
  void plugin_ofNoKnownKind_isRefusedByName() {
    OrchestratorBuilder builder = Dim.orchestrator().plugin(() -> "book");

    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessage(
            "plugin: book is of no kind that an orchestrator uses; allowed: PatternEngine,"
                + " Aggregator, ConsensusRule, Reduction");
  }

  @Test
  void estimate_afterJobsThatFailed_isStillAGuess() {
    try (Orchestrator dim =
        Dim.orchestrator()
            .maxConcurrentJobs(1)
            .plugin(
                new ScriptedEngine(
                    c -> PatternResult.failed(ErrorInfo.of(ErrorCode.NO_CONSENSUS, "no"))))
            .build()) {
      // Each one runs only when nothing more is done for the one before.
      for (int i = 0; i < 3; i++) {
        JobHandle failing = dim.submit(JOB);
        assertThat(failing.estimatedCompletion()).isEqualTo(DurationEstimator.FIRST_GUESS);
        assertThatThrownBy(() -> failing.await(LIMIT)).isInstanceOf(DimException.class);
      }
    }
  }

  @Test
  void submit_oneTask_answersItsOutputAndAcknowledgesIt() {
    try (Orchestrator dim =
        orchestrator(c -> done(((TaskResult.Success) c.run(book("a"))).outputs()))) {
      JobResult result = dim.submit(JOB).await(LIMIT);

      assertThat(result.output().tensors()).isEqualTo(Map.of("x", ONE));
      assertThat(result.metadata().nodesUsed()).containsExactly("n1");
      assertThat(node.acknowledged).containsExactly(node.calls.get(0).id());
    }
  }

  @Test
  void execute_stepNameUsedTwice_failsTheJob() {
    try (Orchestrator dim =
        orchestrator(
            c -> {
              c.run(book("a"));
              c.run(book("a"));
              return done(Map.of());
            })) {
      assertFails(dim, ErrorCode.ENGINE_FAULT);
    }
  }

  @Test
  void runAll_quorumReached_cancelsTheRest() {
    CompletableFuture<TaskResult> never = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n2", call -> never);
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(node)
            .node(slow)
            .plugin(
                new ScriptedEngine(
                    c -> {
                      TaskResults results =
                          c.runAll(
                              "all",
                              List.of(book("s").onNode("n2"), book("f").onNode("n1")),
                              Until.quorum(1));
                      assertThat(results.late()).containsExactly("s");
                      return done(results.successes().get(0).outputs());
                    }))
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(slow.cancelled).hasSize(1);
    }
  }

  @Test
  void run_transientFailure_isRetriedWithTheSameIdempotencyKey() {
    AtomicInteger attempts = new AtomicInteger();
    EchoNode flaky =
        new EchoNode(
            "n1",
            call ->
                CompletableFuture.completedFuture(
                    attempts.incrementAndGet() < 3
                        ? EchoNode.failure("n1", new DimException(ErrorCode.NODE_LOST, "gone"))
                        : EchoNode.echo("n1", call)));
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(flaky)
            .retries(new RetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
            .plugin(
                new ScriptedEngine(
                    c -> {
                      assertThat(c.run(book("a")).attempts()).isEqualTo(3);
                      return done(Map.of());
                    }))
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(flaky.calls).extracting(call -> call.id().idempotencyKey()).hasSize(3);
      assertThat(flaky.calls)
          .extracting(call -> call.id().idempotencyKey())
          .containsOnly(flaky.calls.get(0).id().idempotencyKey());
    }
  }

  @Test
  void cancel_runningJob_undoesWhatWasDoneAndKeepsItsState() {
    CompletableFuture<TaskResult> never = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n2", call -> never);
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(node)
            .node(slow)
            .plugin(
                new ScriptedEngine(
                    c -> {
                      c.onRollback(
                          "a",
                          Task.action("undo-a", "unbook")
                              .onNode("n1")
                              .input(new TaskInput.OutputOf("a")));
                      c.run(book("a").onNode("n1"));
                      c.run(book("b").onNode("n2"));
                      return done(Map.of());
                    }))
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> slow.calls.size() == 1);
      job.cancel();

      assertThatThrownBy(() -> job.await(LIMIT))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
      assertThat(node.calls).extracting(call -> call.id().step()).containsExactly("a", "undo-a");
      assertThat(node.calls.get(1).input()).isEqualTo(new TaskInput.Tensors(Map.of("x", ONE)));
      assertThat(job.cancel()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void rollback_calledByTheEngine_runsInReverseOnce() {
    List<RollbackOutcome> outcomes = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        orchestrator(
            c -> {
              for (String step : List.of("a", "b")) {
                c.onRollback(step, Task.action("undo-" + step, "unbook").onNode("n1"));
                c.run(book(step));
              }
              outcomes.addAll(c.rollback("back", LIMIT));
              return done(Map.of());
            })) {
      dim.submit(JOB).await(LIMIT);

      assertThat(outcomes).extracting(RollbackOutcome::undoes).containsExactly("b", "a");
      assertThat(node.calls).hasSize(4);
    }
  }

  @Test
  void rollback_outOfTime_isCancelledAndNothingMoreIsSent() {
    EchoNode stuck = new EchoNode("n2", call -> new CompletableFuture<>());
    List<RollbackOutcome> outcomes = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(node)
            .node(stuck)
            .plugin(
                new ScriptedEngine(
                    c -> {
                      c.onRollback("a", Task.action("undo-a", "unbook").onNode("n1"));
                      c.run(book("a").onNode("n1"));
                      c.onRollback("b", Task.action("undo-b", "unbook").onNode("n2"));
                      c.run(book("b").onNode("n1"));
                      outcomes.addAll(c.rollback("back", Duration.ofMillis(200)));
                      return done(Map.of());
                    }))
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(outcomes).extracting(RollbackOutcome::undoes).containsExactly("b", "a");
      assertThat(outcomes)
          .allSatisfy(
              outcome ->
                  assertThat(outcome.result())
                      .isInstanceOfSatisfying(
                          TaskResult.Failure.class,
                          failure ->
                              assertThat(failure.error().code())
                                  .isEqualTo(ErrorCode.TASK_TIMEOUT)));
      assertThat(stuck.cancelled).hasSize(1);
      assertThat(node.calls).extracting(call -> call.id().step()).containsExactly("a", "b");
    }
  }

  @Test
  void review_posted_resumesTheJobWithoutRepeatingItsSteps() {
    ReviewRequest request =
        new ReviewRequest(
            List.of("yes", "no"),
            List.of(new ReviewRequest.Item("r1", Map.of(), 0.5)),
            Optional.empty());
    try (Orchestrator dim =
        orchestrator(
            c -> {
              c.run(book("a"));
              Optional<PatternContext.ReviewAnswer> answer = c.review("ask", request);
              return answer.isEmpty()
                  ? PatternResult.awaitingReview()
                  : done(
                      Map.of(
                          "label",
                          Tensor.ofStrings(
                              List.of(answer.get().review().get().decisions().get("r1")))));
            })) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      assertThatThrownBy(
              () -> dim.review(job.jobId(), new Review("ann", Map.of(), Optional.empty())))
          .hasMessageContaining("decisions: is empty");
      dim.review(job.jobId(), new Review("ann", Map.of("r1", "yes"), Optional.empty()));

      assertThat(job.await(LIMIT).output().tensors().get("label").strings()).containsExactly("yes");
      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void timeout_passed_failsTheJob() {
    EchoNode slow = new EchoNode("n2", call -> new CompletableFuture<>());
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(slow)
            .plugin(
                new ScriptedEngine(
                    c -> {
                      c.run(book("a"));
                      return done(Map.of());
                    }))
            .build()) {
      JobSpec hasty = JobSpec.of(new ScriptedEngine.Spec()).timeout(Duration.ofMillis(50)).build();

      assertThatThrownBy(() -> dim.submit(hasty).await(LIMIT))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_TIMEOUT));
    }
  }

  @Test
  void subscribe_fromTheStart_hearsEveryStateOnceInOrder() {
    List<JobUpdate> heard = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(node)
            .listener(heard::add)
            .listener(
                update -> {
                  throw new IllegalStateException("a listener that always throws");
                })
            .plugin(
                new ScriptedEngine(
                    c -> {
                      c.run(book("a"));
                      c.progress(1, 1);
                      return done(Map.of());
                    }))
            .build()) {
      dim.submit(JOB).await(LIMIT);

      Awaitility.await().until(() -> heard.size() == 4);
      assertThat(heard).extracting(JobUpdate::sequence).containsExactly(1L, 2L, 3L, 4L);
      assertThat(heard)
          .extracting(JobUpdate::state)
          .containsExactly(
              JobState.PENDING, JobState.RUNNING, JobState.RUNNING, JobState.COMPLETED);
    }
  }

  @Test
  void as_anotherUser_doesNotSeeTheJob() {
    try (Orchestrator dim = orchestrator(c -> done(Map.of()))) {
      String id = dim.as("ann").submit(JOB).jobId();

      assertThat(dim.status(id).userId()).isEqualTo("ann");
      assertThatThrownBy(() -> dim.as("bob").status(id))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_JOB));
    }
  }

  private static void assertFails(Orchestrator dim, ErrorCode code) {
    assertThatThrownBy(() -> dim.submit(JOB).await(LIMIT))
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
