package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.core.FaultyStore.Fault;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs on a store that fails. */
class StoreFaultTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration TTL = Duration.ofSeconds(1);

  /** Text that was cut through a character. */
  private static final String HALF = "cut \ud83d";

  private static final JobSpec JOB =
      JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();
  private static final ReviewRequest ASK =
      new ReviewRequest(
          List.of("y", "n"), List.of(new ReviewRequest.Item("r", Map.of(), 0.5)), Optional.empty());

  private final Environment environment = Environment.system();
  private final FaultyStore store = new FaultyStore(environment);
  private final EchoNode node = new EchoNode("n1");

  @AfterEach
  void endThreads() {
    environment.close();
  }

  private OrchestratorBuilder builder(Function<PatternContext, PatternResult> script) {
    return builder(store, script);
  }

  private OrchestratorBuilder builder(
      FaultyStore kept, Function<PatternContext, PatternResult> script) {
    return Dim.orchestrator()
        .environment(environment)
        .store(kept)
        .node(node)
        .plugin(new ScriptedEngine(script));
  }

  private static PatternResult done() {
    return PatternResult.completed(JobOutput.ofTensors(Map.of()), Evidence.of("x"));
  }

  private static Task book(String step) {
    return Task.action(step, "book");
  }

  private static PatternResult manySteps(PatternContext c) {
    c.record("note", Long.class, () -> 7L);
    c.onRollback("a", Task.action("undo-a", "unbook"));
    c.run(book("a"));
    c.run(book("b").effect(Effect.PURE));
    c.run(book("c").effect(Effect.NONDETERMINISTIC));
    c.runAll("group", List.of(book("g1"), book("g2")), Until.all());
    c.rollback("back", LIMIT);
    return done();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"REFUSED", "APPLIED_BUT_UNKNOWN", "LOST_AND_UNKNOWN", "THROWN", "BROKEN", "SLOW"})
  void commit_oneFails_jobGoesOnAndNothingIsLostOrDoubled(Fault fault) {
    FaultyStore sound = new FaultyStore(environment);
    runManySteps(sound, 0);
    for (int failing = 1; failing <= sound.commits.size(); failing++) {
      int at = failing;
      FaultyStore faulty = new FaultyStore(environment);
      faulty.plan((number, commit) -> number == at ? fault : Fault.NONE);
      node.calls.clear();
      runManySteps(faulty, failing);
    }
  }

  private void runManySteps(FaultyStore faulty, int failing) {
    try (Orchestrator dim = builder(faulty, StoreFaultTest::manySteps).build()) {
      submitTrying(dim).await(LIMIT);

      assertThat(node.calls)
          .as("commit %d", failing)
          .extracting(call -> call.id().step())
          .containsExactlyInAnyOrder("a", "b", "c", "g1", "g2", "undo-a");
      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(1);
      assertThat(faulty.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries()).isEmpty();
    }
  }

  /** A submit that fails says that it may be tried again, and the key makes that safe. */
  private static JobHandle submitTrying(Orchestrator dim) {
    try {
      return dim.submit(JOB);
    } catch (DimException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(e.retryable()).isTrue();
      return dim.submit(JOB);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IMPOSSIBLE", "UNWRITABLE", "DEFECT"})
  void commit_oneCanNeverSucceed_jobEndsAndSaysWhatItMayHaveLeft(Fault fault) {
    FaultyStore sound = new FaultyStore(environment);
    runManySteps(sound, 0);
    for (int failing = 2; failing <= sound.commits.size(); failing++) {
      int at = failing;
      FaultyStore faulty = new FaultyStore(environment);
      faulty.plan((number, commit) -> number == at ? fault : Fault.NONE);
      node.calls.clear();
      try (Orchestrator dim = builder(faulty, StoreFaultTest::manySteps).build()) {
        JobHandle job = dim.submit(JOB);
        Throwable failed = catchThrowable(() -> job.await(LIMIT));

        if (faulty.commits.size() < at) {
          // What came at the same time went in fewer commits than before.
          assertThat(failed).isNull();
          continue;
        }
        assertThat(failed)
            .as("commit %d", failing)
            .isInstanceOfSatisfying(
                DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        if (!node.calls.isEmpty()) {
          assertThat(failed).hasMessageContaining("may have had effects");
        }
        assertThat(node.calls)
            .extracting(call -> call.id().idempotencyKey())
            .doesNotHaveDuplicates();
        assertThat(faulty.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IMPOSSIBLE", "UNWRITABLE", "DEFECT"})
  void submit_canNeverSucceed_isRefusedForGood(Fault fault) {
    store.plan((number, commit) -> FaultyStore.putting("job/").test(commit) ? fault : Fault.NONE);
    try (Orchestrator dim = builder(c -> done()).build()) {
      assertThatThrownBy(() -> dim.submit(JOB))
          .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isFalse());
      assertThat(dim.list(JobFilter.all()).jobs()).isEmpty();
    }
  }

  @Test
  void review_thatCannotBeStored_isRefusedForGoodAndTheJobGoesOnWaiting() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      Review half = new Review("ann", Map.of("r", "y"), Optional.of(HALF));

      assertThatThrownBy(() -> dim.review(job.jobId(), half))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
      dim.review(job.jobId(), new Review("ann", Map.of("r", "y"), Optional.empty()));
      job.await(LIMIT);
    }
  }

  /** What a plugin wants kept, of which there is no JSON. */
  private enum Unstorable {
    RESULT(c -> PatternResult.completed(JobOutput.ofTensors(Map.of()), Evidence.of(HALF))),
    FAILURE(c -> PatternResult.failed(ErrorInfo.of(ErrorCode.NO_CONSENSUS, HALF))),
    THROWN(
        c -> {
          throw new DimException(ErrorCode.NO_CONSENSUS, HALF);
        }),
    REQUEST(
        c -> {
          c.review("ask", new ReviewRequest(List.of("y", HALF), ASK.items(), Optional.empty()));
          return PatternResult.awaitingReview();
        }),
    COMPENSATION(
        c -> {
          c.onRollback("a", Task.action("undo", HALF));
          c.run(book("a"));
          return done();
        });

    private final Function<PatternContext, PatternResult> script;

    Unstorable(Function<PatternContext, PatternResult> script) {
      this.script = script;
    }
  }

  @ParameterizedTest
  @EnumSource
  void job_wantsSomethingKeptThatCannotBe_ends(Unstorable what) {
    try (Orchestrator dim = builder(what.script).build()) {
      JobHandle job = dim.submit(JOB);

      assertThatThrownBy(() -> job.await(LIMIT))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
      assertThat(node.calls).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Effect.class)
  void answer_thatCannotBeStored_isAFailureOfTheTask(Effect effect) {
    EchoNode odd =
        new EchoNode(
            "n2",
            call ->
                CompletableFuture.completedFuture(
                    TaskResult.failure("n2", ErrorInfo.of(ErrorCode.INFERENCE_FAILED, HALF), 1)));
    List<TaskResult> seen = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        builder(
                c -> {
                  seen.add(c.run(book("a").onNode("n2").effect(effect)));
                  return done();
                })
            .node(odd)
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(seen)
          .singleElement()
          .isInstanceOfSatisfying(
              TaskResult.Failure.class,
              lost -> assertThat(lost.error().code()).isEqualTo(ErrorCode.INTERNAL));
    }
  }

  @Test
  void commit_manyFailAtRandom_everyJobEndsOnceAndNothingIsSentTwice() {
    Random random = new Random(7);
    Fault[] harmless = {
      Fault.REFUSED,
      Fault.APPLIED_BUT_UNKNOWN,
      Fault.LOST_AND_UNKNOWN,
      Fault.THROWN,
      Fault.BROKEN,
      Fault.SLOW
    };
    store.plan(
        (number, commit) -> {
          synchronized (random) {
            int drawn = random.nextInt(4 * harmless.length);
            return drawn < harmless.length ? harmless[drawn] : Fault.NONE;
          }
        });
    try (Orchestrator dim = builder(StoreFaultTest::manySteps).build()) {
      Set<String> jobs = new HashSet<>();
      for (int i = 0; i < 60; i++) {
        JobSpec job = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k" + i).build();
        Awaitility.await()
            .ignoreExceptionsInstanceOf(DimException.class)
            .until(() -> jobs.add(dim.submit(job).jobId()));
      }
      jobs.forEach(job -> dim.await(job, LIMIT));

      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(60);
      assertThat(node.calls).extracting(call -> call.id().idempotencyKey()).doesNotHaveDuplicates();
      assertThat(node.calls).hasSize(60 * 6);
      assertThat(store.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries()).isEmpty();
    }
  }

  @Test
  void close_slowStore_waitsUntilTheJobIsHandedOver() {
    EchoNode silent = new EchoNode("n2", call -> new CompletableFuture<>());
    store.plan((number, commit) -> Fault.SLOW);
    Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a").onNode("n2"));
                  return done();
                })
            .node(silent)
            .build();
    dim.submit(JOB);
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    dim.close();

    assertThat(store.scan(Keys.JOBS_BY_STATE, Keys.state(JobState.PENDING), Optional.empty(), 9))
        .extracting(page -> page.entries().size())
        .isEqualTo(1);
  }

  @Test
  void commit_conflict_jobIsLeftAndFoundAgain() {
    store.plan(
        (number, commit) ->
            FaultyStore.putting("journal/").test(commit) && number < 6
                ? Fault.CONFLICT
                : Fault.NONE);
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a"));
                  return done();
                })
            .sessionTtl(TTL)
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void submit_answerOfTheStoreLost_acceptsTheJobOnce() {
    store.plan((number, commit) -> number == 1 ? Fault.APPLIED_BUT_UNKNOWN : Fault.NONE);
    try (Orchestrator dim = builder(c -> done()).sessionTtl(TTL).build()) {
      JobHandle job = dim.submit(JOB);
      job.await(LIMIT);

      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(1);
    }
  }

  @Test
  void resume_journalCannotBeRead_jobIsTriedAgain() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a"));
                  return c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done();
                })
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      store.failScans(Keys.JOURNAL, 1);
      dim.review(job.jobId(), new Review("ann", Map.of("r", "y"), Optional.empty()));
      job.await(LIMIT);

      assertThat(store.failingScans.get()).isNegative();
      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void sweep_storeFails_isTriedAgainAndAgain() {
    store.failScans(Keys.INTENTS, 3);
    try (Orchestrator dim = builder(c -> done()).sessionTtl(TTL).build()) {
      Awaitility.await().until(() -> store.failingScans.get() < 0);

      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void run_effectfulTask_isSentOnlyWhenItsIntentIsDurable() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a"));
                  return done();
                })
            .build()) {
      store.hold(FaultyStore.putting("journal/"));
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> store.held() > 0);
      assertThat(node.calls).isEmpty();
      store.release();
      job.await(LIMIT);

      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void run_nondeterministicTask_isUsedOnlyWhenItsAnswerIsDurable() {
    List<TaskResult> used = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        builder(
                c -> {
                  used.add(c.run(book("a").effect(Effect.PURE)));
                  used.add(c.run(book("b").effect(Effect.NONDETERMINISTIC)));
                  return done();
                })
            .build()) {
      store.hold(FaultyStore.putting("journal/"));
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> node.calls.size() == 2);
      assertThat(used).as("a pure answer is used at once, the other waits").hasSize(1);
      assertThat(node.acknowledged).isEmpty();
      store.release();
      job.await(LIMIT);

      assertThat(used).hasSize(2);
      assertThat(node.acknowledged).hasSize(2);
    }
  }

  @Test
  void onRollback_pureStep_isSentOnlyWhenTheCompensationIsDurable() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.onRollback("a", Task.action("undo-a", "unbook"));
                  c.run(book("a").effect(Effect.PURE));
                  return done();
                })
            .build()) {
      store.hold(FaultyStore.putting("journal/"));
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> store.held() > 0);
      assertThat(node.calls).isEmpty();
      store.release();
      job.await(LIMIT);

      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void end_answersStillUnderWay_leavesNothingInTheJournal() {
    CompletableFuture<TaskResult> answer = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n2", call -> answer);
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a").onNode("n").effect(Effect.PURE));
                  c.run(book("b").onNode("n2").effect(Effect.PURE));
                  return done();
                })
            .node(slow)
            .build()) {
      store.hold(FaultyStore.putting("journal/"));
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> store.held() > 0);
      answer.complete(TaskResult.success("n2", Map.of(), 1, 0));
      store.release();
      job.await(LIMIT);

      assertThat(store.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries()).isEmpty();
    }
  }

  @Test
  void cancel_storeRefuses_saysSoAndTheJobGoesOn() {
    CompletableFuture<TaskResult> answer = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n2", call -> answer);
    store.plan(
        (number, commit) ->
            FaultyStore.putting("intent/").test(commit) ? Fault.REFUSED : Fault.NONE);
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a").onNode("n2"));
                  return done();
                })
            .node(slow)
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> !slow.calls.isEmpty());

      assertThatThrownBy(job::cancel)
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      answer.complete(EchoNode.echo("n2", slow.calls.get(0)));
      job.await(LIMIT);
    }
  }

  @Test
  void cancel_jobEndsMeanwhile_leavesNoRequestBehind() {
    CompletableFuture<TaskResult> answer = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n2", call -> answer);
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a").onNode("n2"));
                  return done();
                })
            .node(slow)
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      store.plan(
          (number, commit) -> {
            if (FaultyStore.putting("intent/").test(commit) && !answer.isDone()) {
              answer.complete(EchoNode.echo("n2", slow.calls.get(0)));
              Awaitility.await().until(() -> store.get(Keys.end(job.jobId())).isPresent());
            }
            return Fault.NONE;
          });

      assertThat(job.cancel()).isEqualTo(JobState.COMPLETED);
      assertThat(store.get(Keys.cancel(job.jobId()))).isEmpty();
    }
  }

  @Test
  void session_lost_sameOrchestratorTakesItsJobsOverAndListenersHearTheEnd() {
    CompletableFuture<TaskResult> never = new CompletableFuture<>();
    List<JobUpdate> heard = new CopyOnWriteArrayList<>();
    EchoNode slow =
        new EchoNode(
            "n2",
            call ->
                call.epoch() == 1
                    ? never
                    : CompletableFuture.completedFuture(EchoNode.echo("n2", call)));
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a").onNode("n2"));
                  return done();
                })
            .node(slow)
            .sessionTtl(TTL)
            .build()) {
      JobHandle job = dim.submit(JOB);
      job.subscribe(heard::add);
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      store.expireSessions();
      job.await(LIMIT);

      assertThat(slow.calls).extracting(call -> call.id()).containsOnly(slow.calls.get(0).id());
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(heard.get(heard.size() - 1).state()).isEqualTo(JobState.COMPLETED));
      assertThat(heard).extracting(JobUpdate::sequence).doesNotHaveDuplicates().isSorted();
    }
  }

  @Test
  void job_takenOver_isKnownToRunBeforeItsEngineRunsAgain() {
    EchoNode slow = new EchoNode("n2", call -> new CompletableFuture<>());
    AtomicInteger runs = new AtomicInteger();
    Function<PatternContext, PatternResult> script =
        c -> {
          runs.incrementAndGet();
          c.run(book("a").onNode("n2"));
          return done();
        };
    try (Orchestrator first = builder(script).node(slow).id("o0").build()) {
      first.submit(JOB);
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      store.hold(StoreFaultTest::putsRunning);
      store.expireSessions();
      try (Orchestrator second = builder(script).node(slow).id("o1").build()) {
        Awaitility.await().until(() -> store.held() > 0);
        assertThat(runs).hasValue(1);
        store.release();

        Awaitility.await().until(() -> runs.get() > 1);
        assertThat(second.list(JobFilter.all()).jobs()).hasSize(1);
      }
    }
  }

  private static boolean putsRunning(Commit commit) {
    return commit.writes().stream()
        .anyMatch(
            write ->
                write instanceof Commit.Write.Put put
                    && put.indexes().getOrDefault(Keys.JOBS_BY_STATE, "").startsWith("running/"));
  }

  @Test
  void job_foundRunningThreeTimes_isQuarantinedAndUndone() {
    EchoNode deadly = new EchoNode("n2", call -> new CompletableFuture<>());
    Function<PatternContext, PatternResult> script =
        c -> {
          c.onRollback("a", Task.action("undo-a", "unbook").onNode("n1"));
          c.run(book("a").onNode("n1"));
          c.run(book("b").onNode("n2"));
          return done();
        };
    List<Orchestrator> owners = new CopyOnWriteArrayList<>();
    owners.add(builder(script).node(deadly).id("o0").build());
    String id = owners.get(0).submit(JOB).jobId();
    for (int death = 1; death <= 3; death++) {
      int sent = death;
      Awaitility.await().until(() -> deadly.calls.size() == sent);
      store.expireSessions();
      owners.add(builder(script).node(deadly).id("o" + death).build());
    }
    Orchestrator last = owners.get(3);

    assertThatThrownBy(() -> last.await(id, LIMIT))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUARANTINED));
    assertThat(node.calls).extracting(call -> call.id().step()).containsExactly("a", "undo-a");
    owners.forEach(Orchestrator::close);
  }

  @Test
  void submitAgain_onAReplicatedStore_isAnsweredOnlyOnceACommitWas() {
    store.durability = Durability.REPLICATED;
    try (Orchestrator dim = builder(c -> done()).build()) {
      JobHandle job = dim.submit(JOB);
      job.await(LIMIT);
      store.plan((number, commit) -> Fault.REFUSED);
      assertThatThrownBy(() -> dim.submit(JOB))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));

      store.plan((number, commit) -> Fault.NONE);
      assertThat(dim.submit(JOB).jobId()).isEqualTo(job.jobId());
    }
  }
}
