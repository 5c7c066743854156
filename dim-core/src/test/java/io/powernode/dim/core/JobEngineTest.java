package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.Effect;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That a job ends once and properly, whatever the host's code and its users do. */
class JobEngineTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JobSpec JOB = JobSpec.of(new ScriptedEngine.Spec()).build();
  private static final ReviewRequest ASK =
      new ReviewRequest(
          List.of("y", "n"), List.of(new ReviewRequest.Item("r", Map.of(), 0.5)), Optional.empty());
  private static final Review YES = new Review("ann", Map.of("r", "y"), Optional.empty());

  private final EchoNode node = new EchoNode("n1");
  private final EchoNode silent = new EchoNode("n2", call -> new CompletableFuture<>());

  private OrchestratorBuilder builder(Function<PatternContext, PatternResult> script) {
    return Dim.orchestrator().node(node).node(silent).plugin(new ScriptedEngine(script));
  }

  private static PatternResult done() {
    return PatternResult.completed(JobOutput.ofTensors(Map.of()), Evidence.of("x"));
  }

  private static Task book(String step) {
    return Task.action(step, "book").onNode("n1");
  }

  private static Task hang(String step) {
    return Task.action(step, "book").onNode("n2");
  }

  private static void assertCode(Throwable thrown, ErrorCode code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

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
  private static class DelegatingEngine implements PatternEngine<ScriptedEngine.Spec> {
    private final ScriptedEngine engine;

    DelegatingEngine(Function<PatternContext, PatternResult> script) {
      engine = new ScriptedEngine(script);
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public Class<ScriptedEngine.Spec> specType() {
      return engine.specType();
    }

    @Override
    public PatternResult execute(ScriptedEngine.Spec spec, PatternContext context) {
      return engine.execute(spec, context);
    }
  }

  @Test
  void submit_muchWrong_listsEveryViolationAtOnce() {
    PatternEngine<ScriptedEngine.Spec> strict =
        new DelegatingEngine(c -> done()) {
          @Override
          public void validate(ScriptedEngine.Spec spec, Catalog catalog, Violations violations) {
            violations.add("size", "is missing", "a size");
          }
        };
    try (Orchestrator dim = Dim.orchestrator().plugin(strict).build()) {
      JobSpec wrong =
          new JobSpec(
              new ScriptedEngine.Spec(),
              Priority.NORMAL,
              Optional.of(-1L),
              Duration.ofDays(3650),
              Optional.empty(),
              Optional.empty(),
              Map.of());

      assertThatThrownBy(() -> dim.submit(wrong))
          .isInstanceOfSatisfying(
              InvalidJobException.class,
              e ->
                  assertThat(e.violations())
                      .extracting(Violation::path)
                      .containsExactly("maxCost", "config.timeout", "config.size"));
    }
  }

  @Test
  void submit_costModelThrows_refusesInsteadOfFailingInTheDark() {
    CostModel broken =
        new CostModel() {
          @Override
          public long estimate(JobSpec spec, int tasks) {
            throw new IllegalStateException("no prices");
          }

          @Override
          public long charge(TaskResult result) {
            throw new IllegalStateException("no prices");
          }
        };
    try (Orchestrator dim = builder(c -> done()).costModel(broken).build()) {
      assertCode(catchThrowable(() -> dim.submit(JOB)), ErrorCode.INTERNAL);
    }
  }

  @Test
  void submit_estimateAboveMaxCost_isRefused() {
    try (Orchestrator dim = builder(c -> done()).build()) {
      JobSpec cheap = JobSpec.of(new ScriptedEngine.Spec()).maxCost(1).build();

      assertCode(catchThrowable(() -> dim.submit(cheap)), ErrorCode.COST_LIMIT);
    }
  }

  @Test
  void submit_usedKey_answersTheEarlierJobEvenWhenTheQueueIsFull() {
    JobSpec keyed = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(hang("a"));
                  return done();
                })
            .maxConcurrentJobs(1)
            .maxQueuedJobs(0)
            .build()) {
      JobHandle first = dim.as("ann").submit(keyed);
      Awaitility.await().until(() -> !silent.calls.isEmpty());
      JobHandle again = dim.as("ann").submit(keyed);

      assertThat(again.jobId()).isEqualTo(first.jobId());
      assertThat(again.estimatedCost()).isEqualTo(first.estimatedCost());
      JobSpec other =
          JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").purpose("other").build();
      assertCode(catchThrowable(() -> dim.as("ann").submit(other)), ErrorCode.CONFLICT);
      assertCode(catchThrowable(() -> dim.as("bob").submit(keyed)), ErrorCode.OVERLOADED);
    }
  }

  @Test
  void submit_usedKeyWithTensorsInAnotherOrder_isTheSameJob() {
    Tensor one = Tensor.scalar(1.0);
    JobSpec ab =
        JobSpec.of(new ScriptedEngine.Spec())
            .idempotencyKey("k")
            .input("a", one)
            .input("b", one)
            .build();
    JobSpec ba =
        JobSpec.of(new ScriptedEngine.Spec())
            .idempotencyKey("k")
            .input("b", one)
            .input("a", one)
            .build();
    try (Orchestrator dim = builder(c -> done()).build()) {
      assertThat(dim.submit(ba).jobId()).isEqualTo(dim.submit(ab).jobId());
    }
  }

  @Test
  void retention_moreEndedThanKept_forgetsTheOldestAndItsKey() {
    JobSpec keyed = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();
    try (Orchestrator dim = builder(c -> done()).retainedJobs(2).build()) {
      String first = dim.submit(keyed).jobId();
      dim.await(first, LIMIT);
      for (int i = 0; i < 5; i++) {
        dim.submit(JOB).await(LIMIT);
      }

      Awaitility.await().until(() -> dim.list(JobFilter.all()).jobs().size() <= 3);
      assertCode(catchThrowable(() -> dim.status(first)), ErrorCode.UNKNOWN_JOB);
      assertThat(dim.submit(keyed).jobId()).isNotEqualTo(first);
    }
  }

  @Test
  void list_byStateInPages_namesEachJobOnceAndOnlyThoseInThatState() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(hang("a"));
                  return done();
                })
            .maxConcurrentJobs(2)
            .build()) {
      for (int i = 0; i < 5; i++) {
        dim.submit(JOB);
      }
      Awaitility.await().until(() -> silent.calls.size() == 2);
      Awaitility.await()
          .until(() -> dim.list(JobFilter.all().state(JobState.RUNNING)).jobs().size() == 2);
      List<JobStatus> waiting = new ArrayList<>();
      Optional<String> cursor = Optional.empty();
      do {
        JobFilter filter = JobFilter.all().state(JobState.PENDING).limit(2);
        var page = dim.list(cursor.map(filter::after).orElse(filter));
        waiting.addAll(page.jobs());
        cursor = page.next();
      } while (cursor.isPresent());

      assertThat(waiting).hasSize(3).extracting(JobStatus::jobId).doesNotHaveDuplicates();
      assertThat(waiting).extracting(JobStatus::state).containsOnly(JobState.PENDING);
      assertThatThrownBy(() -> dim.list(JobFilter.all().after("made up")))
          .isInstanceOf(DimException.class);
    }
  }

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
  void close_jobWaitsForReview_whoWaitsIsToldAtOnce() {
    Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build();
    JobHandle job = dim.submit(JOB);
    Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
    CompletableFuture<Throwable> told =
        CompletableFuture.supplyAsync(() -> catchThrowable(() -> job.await(LIMIT)));
    dim.close();

    Awaitility.await().atMost(Duration.ofSeconds(5)).until(told::isDone);
    assertCode(told.join(), ErrorCode.UNAVAILABLE);
  }

  @Test
  void review_twice_secondIsRefused() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      dim.review(job.jobId(), YES);

      assertCode(catchThrowable(() -> dim.review(job.jobId(), YES)), ErrorCode.CONFLICT);
      job.await(LIMIT);
      assertCode(catchThrowable(() -> dim.review(job.jobId(), YES)), ErrorCode.CONFLICT);
    }
  }

  @Test
  void review_cancelledAtTheSameTime_endsEachJobOnceAndForGood() {
    Environment environment = Environment.system();
    FaultyStore store = new FaultyStore(environment);
    Map<String, List<JobState>> heard = new ConcurrentHashMap<>();
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .environment(environment)
            .store(store)
            .listener(
                update ->
                    heard
                        .computeIfAbsent(update.jobId(), id -> new CopyOnWriteArrayList<>())
                        .add(update.state()))
            .build()) {
      for (int i = 0; i < 50; i++) {
        JobHandle job = dim.submit(JOB);
        Awaitility.await()
            .pollInterval(Duration.ofMillis(5))
            .until(() -> job.status().state() == JobState.AWAITING_REVIEW);
        CompletableFuture<Throwable> review =
            CompletableFuture.supplyAsync(() -> catchThrowable(() -> dim.review(job.jobId(), YES)));
        job.cancel();
        catchThrowable(() -> job.await(LIMIT));

        assertThat(job.status().state().isTerminal()).isTrue();
        if (review.join() != null) {
          assertCode(review.join(), ErrorCode.CONFLICT);
        }
        assertThat(job.status().state()).isIn(JobState.COMPLETED, JobState.CANCELLED);
      }
      assertThat(store.scan(Keys.CANCELS, "", Optional.empty(), 10).entries()).isEmpty();
      assertThat(store.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries()).isEmpty();
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(heard.values())
                      .hasSize(50)
                      .allSatisfy(
                          states ->
                              assertThat(states.stream().filter(JobState::isTerminal)).hasSize(1)));
    } finally {
      environment.close();
    }
  }

  @Test
  void review_limitPasses_engineGoesOnWithoutIt() {
    ReviewRequest hasty =
        new ReviewRequest(ASK.labels(), ASK.items(), Optional.of(Duration.ofMillis(30)));
    try (Orchestrator dim =
        builder(
                c ->
                    c.review("ask", hasty)
                        .map(answer -> answer.review().isEmpty() ? done() : null)
                        .orElseGet(PatternResult::awaitingReview))
            .build()) {
      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void cancel_jobWaitsForReview_endsIt() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      job.cancel();

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.CANCELLED);
      assertThat(job.status().review()).isEmpty();
    }
  }

  @Test
  void review_waitingJobs_holdNoSlot() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .maxConcurrentJobs(1)
            .build()) {
      List<JobHandle> jobs = List.of(dim.submit(JOB), dim.submit(JOB), dim.submit(JOB));

      Awaitility.await()
          .until(
              () ->
                  jobs.stream().allMatch(job -> job.status().state() == JobState.AWAITING_REVIEW));
    }
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
          .containsExactlyInAnyOrder(tuple("n1", "done"), tuple("n2", "late"));
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
                    c.child("sub", new ScriptedEngine.Spec());
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
}
