package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What engines, nodes and listeners may do without stranding a job. */
class JobEngineTest extends JobEngineFixture {
  /** What an engine may do wrong, and the code of the job that ends for it. */
  private static Stream<Map.Entry<Function<PatternContext, PatternResult>, ErrorCode>> faults() {
    return Stream.of(
        Map.entry(
            c -> {
              throw new AssertionError("an error that is no exception");
            },
            ErrorCode.ENGINE_FAULT),
        Map.entry(c -> null, ErrorCode.ENGINE_FAULT),
        Map.entry(c -> PatternResult.awaitingReview(), ErrorCode.ENGINE_FAULT),
        Map.entry(
            c -> {
              c.onRollback("a", Task.action("undo", "unbook").onNode("n1"));
              c.onRollback("b", Task.action("undo", "unbook").onNode("n1"));
              return done();
            },
            ErrorCode.ENGINE_FAULT),
        Map.entry(
            c -> {
              c.onRollback("a", Task.model("undo", "no-such-model").onNode("n1"));
              c.run(book("a"));
              throw new IllegalStateException("after a");
            },
            ErrorCode.COMPENSATION_FAILED),
        Map.entry(
            c -> {
              c.runAll(
                  "all",
                  List.of(book("a"), hang("b")),
                  Until.firstValid(
                      success -> {
                        throw new IllegalStateException("the engine's own check");
                      }));
              return done();
            },
            ErrorCode.ENGINE_FAULT));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void execute_engineAtFault_jobEndsAndTheNextOneRuns(
      Map.Entry<Function<PatternContext, PatternResult>, ErrorCode> fault) {
    AtomicInteger jobs = new AtomicInteger();
    try (Orchestrator dim =
        builder(c -> jobs.getAndIncrement() == 0 ? fault.getKey().apply(c) : done())
            .maxConcurrentJobs(1)
            .build()) {
      JobHandle broken = dim.submit(JOB);

      assertCode(catchThrowable(() -> broken.await(LIMIT)), fault.getValue());
      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void execute_cancelledAfterTheLastStep_tellsWhatIsUndoneAndWhatIsNot() {
    EchoNode hotel =
        new EchoNode(
            "n1",
            call ->
                CompletableFuture.completedFuture(
                    call.id().step().equals("b-undo")
                        ? TaskResult.failure("n1", ErrorInfo.of(ErrorCode.POLICY_DENIED, "no"), 1)
                        : EchoNode.echo("n1", call)));
    AtomicReference<Orchestrator> self = new AtomicReference<>();
    try (Orchestrator dim =
        Dim.orchestrator()
            .node(hotel)
            .plugin(
                new ScriptedEngine(
                    c -> {
                      for (String step : List.of("a", "b", "c")) {
                        c.onRollback(step, Task.action(step + "-undo", "unbook").onNode("n1"));
                        c.run(book(step));
                      }
                      self.get().cancel(c.jobId());
                      return done();
                    }))
            .build()) {
      self.set(dim);
      JobHandle job = dim.submit(JOB);

      assertThat(catchThrowable(() -> job.await(LIMIT)))
          .isInstanceOfSatisfying(
              DimException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COMPENSATION_FAILED))
          .hasMessage("the job was cancelled; undone: c, a; not undone: b: POLICY_DENIED: no");
      assertThat(dim.trace(job.jobId()))
          .extracting(t -> t.step() + " " + t.name() + " " + t.modelId() + " " + t.status())
          .containsExactly(
              "0 c unbook ROLLED_BACK", "0 b unbook ROLLBACK_FAILED", "0 a unbook ROLLED_BACK");
      assertThat(dim.trace(job.jobId()).get(1).error().orElseThrow().code())
          .isEqualTo(ErrorCode.POLICY_DENIED);
    }
  }

  private static Stream<Function<PatternContext, PatternResult>> ownCancels() {
    ErrorInfo why = ErrorInfo.of(ErrorCode.CANCELLED, "the hotel cancelled");
    return Stream.of(
        c -> PatternResult.failed(why),
        c -> {
          throw new DimException(why);
        });
  }

  @ParameterizedTest
  @MethodSource("ownCancels")
  void execute_failureThatLooksLikeACancel_isNoCancelOfTheJob(
      Function<PatternContext, PatternResult> script) {
    try (Orchestrator dim = builder(script).build()) {
      JobHandle job = dim.submit(JOB);

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.CANCELLED);
      assertThat(job.status().state()).isEqualTo(JobState.FAILED);
    }
  }

  @Test
  void execute_rollbackTimeoutThrows_effectsAreUndoneAnyway() {
    PatternEngine<ScriptedEngine.Spec> engine =
        new DelegatingEngine(
            c -> {
              c.onRollback("a", Task.action("undo-a", "unbook").onNode("n1"));
              c.run(book("a"));
              throw new IllegalStateException("after a");
            }) {
          @Override
          public Duration rollbackTimeout(ScriptedEngine.Spec spec) {
            throw new IllegalStateException("no idea");
          }
        };
    try (Orchestrator dim = Dim.orchestrator().node(node).plugin(engine).build()) {
      JobHandle job = dim.submit(JOB);

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.ENGINE_FAULT);
      assertThat(node.calls).extracting(call -> call.id().step()).containsExactly("a", "undo-a");
    }
  }

  /** An engine of which a test changes something else than the script. */
  @Test
  void close_jobsInEveryState_whoWaitsIsToldAtOnce() {
    Orchestrator dim =
        builder(
                c -> {
                  if (c.review("ask", ASK).isEmpty()) {
                    return PatternResult.awaitingReview();
                  }
                  c.run(hang("a"));
                  return done();
                })
            .maxConcurrentJobs(1)
            .build();
    JobHandle reviewed = dim.submit(JOB);
    Awaitility.await().until(() -> reviewed.status().state() == JobState.AWAITING_REVIEW);
    dim.review(reviewed.jobId(), YES);
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    JobHandle queued = dim.submit(JOB);
    List<Throwable> told = new CopyOnWriteArrayList<>();
    List<Thread> waiting = new ArrayList<>();
    for (JobHandle job : List.of(reviewed, queued)) {
      Thread thread = new Thread(() -> told.add(catchThrowable(() -> job.await(LIMIT))));
      thread.start();
      waiting.add(thread);
    }
    Awaitility.await()
        .until(
            () ->
                waiting.stream()
                    .allMatch(
                        t ->
                            t.getState() == Thread.State.WAITING
                                || t.getState() == Thread.State.TIMED_WAITING));
    dim.close();

    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> told.size() == 2);
    told.forEach(thrown -> assertCode(thrown, ErrorCode.UNAVAILABLE));
  }

  @Test
  void listener_slow_disturbsNoJobAndHearsEverythingInTheEnd() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    List<JobUpdate> heard = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        builder(
                c -> {
                  c.progress(1, 2);
                  c.progress(2, 2);
                  return done();
                })
            .listener(
                update -> {
                  try {
                    gate.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  heard.add(update);
                })
            .build()) {
      dim.submit(JOB).await(LIMIT);
      assertThat(heard).isEmpty();
      gate.countDown();

      Awaitility.await().until(() -> heard.size() == 5);
      assertThat(heard).extracting(JobUpdate::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void listener_throwsAnError_hearsTheNextUpdateAllTheSame() {
    List<JobUpdate> heard = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        builder(c -> done())
            .listener(
                update -> {
                  heard.add(update);
                  throw new AssertionError("no exception");
                })
            .build()) {
      dim.submit(JOB).await(LIMIT);

      Awaitility.await().until(() -> heard.size() == 3);
    }
  }

  @Test
  void subscribe_afterTheEnd_hearsTheTerminalState() {
    List<JobUpdate> heard = new CopyOnWriteArrayList<>();
    try (Orchestrator dim = builder(c -> done()).build()) {
      JobHandle job = dim.submit(JOB);
      job.await(LIMIT);
      job.subscribe(heard::add);

      Awaitility.await().until(() -> heard.size() == 1);
      assertThat(heard.get(0).state()).isEqualTo(JobState.COMPLETED);
    }
  }
}
