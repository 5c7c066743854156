package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What {@link Orchestrator#run} adds to submitting and waiting. */
class CallerRunsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Tensor ONE = Tensor.scalar(1.0);
  private static final JobSpec JOB = JobSpec.of(new ScriptedEngine.Spec()).timeout(LIMIT).build();

  private final List<Thread> ranOn = new CopyOnWriteArrayList<>();
  private final EchoNode node = new EchoNode("n1");

  private OrchestratorBuilder builder() {
    return Dim.orchestrator().node(node).plugin(new ScriptedEngine(this::oneTask));
  }

  private PatternResult oneTask(PatternContext context) {
    ranOn.add(Thread.currentThread());
    TaskResult result =
        context.run(Task.action("book", "book").onNode("n1").input(Map.of("x", ONE)));
    return PatternResult.completed(
        JobOutput.ofTensors(((TaskResult.Success) result).outputs()), Evidence.of("scripted"));
  }

  @Test
  void run_aSlotIsFree_runsOnTheCallingThreadAndIsKept() {
    try (Orchestrator dim = builder().build()) {
      JobResult result = dim.run(JOB, LIMIT);

      assertThat(ranOn).containsExactly(Thread.currentThread());
      assertThat(result.output().tensors()).isEqualTo(Map.of("x", ONE));
      assertThat(dim.result(result.jobId())).isEqualTo(result);
      assertThat(dim.list(JobFilter.all()).jobs())
          .extracting(JobStatus::jobId, JobStatus::state)
          .containsExactly(tuple(result.jobId(), JobState.COMPLETED));
      assertThat(node.acknowledged).hasSize(1);
    }
  }

  @Test
  void run_theLimitIsShorterThanTheJobMayTake_leavesTheCallerFreeToGiveUp() {
    CompletableFuture<TaskResult> never = new CompletableFuture<>();
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(new EchoNode("n1", call -> never))
            .plugin(new ScriptedEngine(this::oneTask))
            .build()) {
      assertThatThrownBy(() -> dim.run(JOB, Duration.ofMillis(50)))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_TIMEOUT));
    }
    assertThat(ranOn).doesNotContain(Thread.currentThread());
  }

  @Test
  void run_aJobThatIsSuspended_waitsNoLongerThanTheLimitInAll() {
    ManualEnvironment environment = new ManualEnvironment();
    ScriptedEngine asking =
        new ScriptedEngine(
            c -> {
              environment.advance(Duration.ofSeconds(8));
              assertThat(c.review("ask", JobEngineFixture.ASK)).isEmpty();
              return PatternResult.awaitingReview();
            });
    JobSpec job = JobSpec.of(new ScriptedEngine.Spec()).timeout(Duration.ofSeconds(10)).build();
    try (Orchestrator dim = Dim.orchestrator().environment(environment).plugin(asking).build()) {
      long began = environment.nanoTime();

      assertThatThrownBy(() -> dim.run(job, Duration.ofSeconds(10)))
          .hasMessageContaining("the job has not ended within 10000 ms");
      assertThat(Duration.ofNanos(environment.nanoTime() - began))
          .isEqualTo(Duration.ofSeconds(10));
    }
  }

  @Test
  void run_noSlotIsFree_waitsForItsTurn() {
    CompletableFuture<TaskResult> slow = new CompletableFuture<>();
    EchoNode once =
        new EchoNode(
            "n1",
            call ->
                slow.isDone()
                    ? CompletableFuture.completedFuture(EchoNode.echo("n1", call))
                    : slow);
    try (Orchestrator dim =
        Dim.orchestrator()
            .maxConcurrentJobs(1)
            .node(once)
            .plugin(new ScriptedEngine(this::oneTask))
            .build()) {
      JobHandle first = dim.submit(JOB);
      CompletableFuture<JobResult> second =
          CompletableFuture.supplyAsync(() -> dim.run(JOB, LIMIT));
      Awaitility.await()
          .until(() -> dim.list(JobFilter.all()).jobs().size() == 2 && once.calls.size() == 1);

      slow.complete(EchoNode.echo("n1", once.calls.get(0)));

      assertThat(first.await(LIMIT).state()).isEqualTo(JobState.COMPLETED);
      assertThat(second.join().state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void run_theJobFails_throwsItsError() {
    ErrorInfo no = ErrorInfo.of(ErrorCode.NO_CONSENSUS, "no");
    try (Orchestrator dim =
        Dim.orchestrator().plugin(new ScriptedEngine(c -> PatternResult.failed(no))).build()) {
      assertThatThrownBy(() -> dim.run(JOB, LIMIT))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_CONSENSUS));
    }
  }

  @Test
  void run_anEarlierJobOfTheSameIdempotencyKey_isWaitedFor() {
    JobSpec once = JobSpec.of(new ScriptedEngine.Spec()).timeout(LIMIT).idempotencyKey("k").build();
    try (Orchestrator dim = builder().build()) {
      JobResult first = dim.run(once, LIMIT);

      assertThat(dim.run(once, LIMIT)).isEqualTo(first);
      assertThat(ranOn).hasSize(1);
    }
  }

  @Test
  void run_theCallerIsInterrupted_seesTheJobToItsEndFirst() throws Exception {
    CompletableFuture<TaskResult> slow = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    EchoNode waiting = new EchoNode("n1", call -> slow);
    try (Orchestrator dim =
        Dim.orchestrator().node(waiting).plugin(new ScriptedEngine(this::oneTask)).build()) {
      Thread caller =
          new Thread(
              () -> {
                JobState state = dim.run(JOB, LIMIT).state();
                interrupted.complete(state == JobState.COMPLETED && Thread.interrupted());
              });
      caller.start();
      Awaitility.await().until(() -> !waiting.calls.isEmpty());

      caller.interrupt();
      Awaitility.await().until(() -> !caller.isInterrupted());
      slow.complete(EchoNode.echo("n1", waiting.calls.get(0)));

      assertThat(interrupted.get()).isTrue();
      assertThat(ranOn).containsExactly(caller);
    }
  }

  @Test
  void close_underAJobOnACallersThread_endsItsWait() throws Exception {
    CompletableFuture<DimException> thrown = new CompletableFuture<>();
    EchoNode waiting = new EchoNode("n1", call -> new CompletableFuture<>());
    Orchestrator dim =
        Dim.orchestrator().node(waiting).plugin(new ScriptedEngine(this::oneTask)).build();
    Thread caller =
        new Thread(
            () -> {
              try {
                dim.run(JOB, LIMIT);
              } catch (DimException e) {
                thrown.complete(e);
              }
            });
    caller.start();
    Awaitility.await().until(() -> !waiting.calls.isEmpty());

    dim.close();

    assertThat(thrown.get().code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }
}
