package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of jobs when their owner dies, sleeps or is closed, on a clock that a test turns.
 */
class TakeOverTest {
  private static final Duration TTL = Duration.ofSeconds(15);

  /** How long a dead owner's job may be without a new one. */
  private static final Duration GAP = TTL.plusSeconds(2);

  private final SimulatedEnvironment environment = new SimulatedEnvironment(11);
  private final StateStore store =
      new SlowStore(new EncodingStore(InMemoryStateStore.create(environment)), environment);
  private final FakeNode node = node("n1");
  private final FakeNode other = node("n2");

  /** Answers a commit after a while, as a store on disk does. */
  private static final class SlowStore extends ForwardingStore {
    private final SimulatedEnvironment environment;

    SlowStore(StateStore store, SimulatedEnvironment environment) {
      super(store);
      this.environment = environment;
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      CompletableFuture<CommitResult> answer = new CompletableFuture<>();
      super.commit(commit)
          .thenAccept(
              result -> environment.schedule(Duration.ofMillis(20), () -> answer.complete(result)));
      return answer;
    }
  }

  /** An orchestrator in a process of its own. */
  private record Owner(SimulatedProcess process, Orchestrator dim) {}

  /** How an owner goes, and how much of a limit may be lost by it. */
  private enum End {
    CLOSED,
    KILLED
  }

  @AfterEach
  void close() {
    environment.close();
  }

  private FakeNode node(String id) {
    return new FakeNode(FakeProfile.of(id).actions("do", "hang", "undo").build(), environment)
        .on("do", Reply.answer(Map.of()))
        .on("hang", Reply.hang());
  }

  private Owner open(String id, Function<PatternContext, PatternResult> script) {
    return open(id, script, store);
  }

  private Owner open(String id, Function<PatternContext, PatternResult> script, StateStore kept) {
    return open(id, script, kept, 1_000);
  }

  private Owner open(
      String id, Function<PatternContext, PatternResult> script, StateStore kept, int slots) {
    SimulatedProcess process = environment.process();
    return new Owner(
        process,
        Dim.orchestrator()
            .environment(process)
            .store(process.connect(kept))
            .node(process.connect(node))
            .node(process.connect(other))
            .plugin(new ScriptedEngine(script))
            .sessionTtl(TTL)
            .maxConcurrentJobs(slots)
            .id(id)
            .build());
  }

  private void end(Owner owner, End how) {
    if (how == End.CLOSED) {
      owner.dim.close();
    }
    owner.process.kill();
  }

  private static Task hang(String step) {
    return Task.action(step, "hang").onNode("n1");
  }

  private static JobSpec job(Duration timeout) {
    return JobSpec.of(new ScriptedEngine.Spec()).timeout(timeout).build();
  }

  /** How long the job took in all, though its first owner went after 45 of 80 units of a limit. */
  private Duration lifetime(
      Function<PatternContext, PatternResult> script, JobSpec job, Duration unit, End how) {
    long began = environment.nanoTime();
    Owner first = open("first-" + how, script);
    String id = first.dim.submit(job).jobId();
    environment.advance(unit.multipliedBy(45));
    Owner second = open("second-" + how, script);
    end(first, how);
    assertThat(environment.runUntil(() -> isOver(second, id), unit.multipliedBy(200)))
        .as("the job ends")
        .isTrue();
    return Duration.ofNanos(environment.nanoTime() - began);
  }

  private static boolean isOver(Owner owner, String id) {
    return owner.dim.status(id).state().isTerminal();
  }

  private static void assertSpent(Duration spent, Duration unit, End how) {
    Duration limit = unit.multipliedBy(80);
    Duration most = how == End.CLOSED ? GAP : GAP.plus(unit.multipliedBy(10));
    assertThat(spent).isBetween(limit, limit.plus(most));
  }

  @Test
  void jobLimit_whenTheOwnerGoes_isNotGivenAnew() {
    for (End how : End.values()) {
      Duration unit = Duration.ofSeconds(1);
      Duration spent =
          lifetime(
              c -> {
                c.run(hang("a"));
                return ScriptedEngine.done();
              },
              job(unit.multipliedBy(80)),
              unit,
              how);
      assertSpent(spent, unit, how);
    }
  }

  @Test
  void reviewLimit_whenTheOwnerGoes_isNotGivenAnew() {
    for (End how : End.values()) {
      Duration unit = Duration.ofSeconds(1);
      ReviewRequest request =
          new ReviewRequest(
              List.of("y", "n"),
              List.of(new ReviewRequest.Item("r", Map.of(), 0.5)),
              Optional.of(unit.multipliedBy(80)));
      Duration spent =
          lifetime(
              c -> {
                Optional<ReviewAnswer> answer = c.review("ask", request);
                return answer.isEmpty() ? PatternResult.awaitingReview() : ScriptedEngine.done();
              },
              job(Duration.ofSeconds(30)),
              unit,
              how);
      assertSpent(spent, unit, how);
    }
  }

  @Test
  void reviewLimit_ofAnAnswerThatCameInTime_doesNotDropIt() {
    ReviewRequest request =
        new ReviewRequest(
            List.of("y", "n"),
            List.of(new ReviewRequest.Item("r", Map.of(), 0.5)),
            Optional.of(Duration.ofSeconds(5)));
    List<Optional<Review>> heeded = new ArrayList<>();
    Function<PatternContext, PatternResult> script =
        c -> {
          Optional<ReviewAnswer> answer = c.review("ask", request);
          if (answer.isEmpty()) {
            return PatternResult.awaitingReview();
          }
          heeded.add(answer.get().review());
          return ScriptedEngine.done();
        };
    StateStore blind =
        new ForwardingStore(store) {
          @Override
          public Page scan(String index, String prefix, Optional<String> after, int limit) {
            if (index.equals("intents")) {
              throw new DimException(ErrorCode.UNAVAILABLE, "cannot be read");
            }
            return super.scan(index, prefix, after, limit);
          }
        };
    Owner owner = open("a", script, blind);
    String id = owner.dim.submit(job(Duration.ofSeconds(30))).jobId();
    environment.advance(Duration.ofSeconds(3));
    Review review = new Review("ann", Map.of("r", "y"), Optional.empty());
    open("b", script).dim.review(id, review);
    environment.advance(Duration.ofSeconds(3));

    assertThat(owner.dim.status(id).state()).isEqualTo(JobState.COMPLETED);
    assertThat(heeded).containsExactly(Optional.of(review));
  }

  @Test
  void rollbackLimit_whenTheOwnerGoes_isNotGivenAnew() {
    for (End how : End.values()) {
      Duration unit = ScriptedEngine.ROLLBACK_TIMEOUT.dividedBy(80);
      Duration spent =
          lifetime(
              c -> {
                c.onRollback("a", hang("undo-a"));
                c.run(Task.action("a", "do").onNode("n1"));
                return PatternResult.failed(ErrorInfo.of(ErrorCode.NO_CONSENSUS, "no"));
              },
              job(Duration.ofMinutes(30)),
              unit,
              how);
      assertSpent(spent, unit, End.KILLED);
    }
  }

  @Test
  void kill_ofAnOwner_letsTheLivingTakeItsJobsInTime() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(hang("a"));
          return ScriptedEngine.done();
        };
    Owner first = open("a", script);
    Owner dying = open("b", script);
    open("c", script);
    Set<String> jobs = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      jobs.add(first.dim.submit(job(Duration.ofHours(1))).jobId());
    }
    environment.advance(Duration.ofMinutes(1));
    first.process.kill();
    // Half of the jobs fall to one that is dead too, which nobody can know yet.
    environment.advance(Duration.ofSeconds(4));
    dying.process.kill();
    environment.advance(GAP.minusSeconds(4));

    Set<String> taken = new HashSet<>();
    node.log().calls().stream()
        .filter(call -> call.task().epoch() == 2)
        .forEach(call -> taken.add(call.task().id().jobId()));
    assertThat(taken).isEqualTo(jobs);
  }

  @Test
  void store_thatFailsInTheMiddleOfATakeOver_leavesNoJobAlone() {
    Owner dying = open("a", TakeOverTest::hanging);
    Set<String> jobs = submit(dying, 600);
    dying.process.kill();
    AtomicInteger failures = new AtomicInteger(1);
    open(
        "b",
        TakeOverTest::hanging,
        new ForwardingStore(store) {
          @Override
          public Page scan(String index, String prefix, Optional<String> after, int limit) {
            if (after.isPresent() && failures.getAndDecrement() > 0) {
              throw new DimException(ErrorCode.UNAVAILABLE, "cannot be read");
            }
            return super.scan(index, prefix, after, limit);
          }
        });
    environment.advance(GAP);

    Set<String> taken = new HashSet<>();
    node.log().calls().stream()
        .filter(call -> call.task().epoch() == 2)
        .forEach(call -> taken.add(call.task().id().jobId()));
    assertThat(failures).hasNegativeValue();
    assertThat(taken).isEqualTo(jobs);
  }

  /** A store that cannot be reached, or that takes its time for some commits. */
  private final class Link extends ForwardingStore {
    private boolean down;
    private Duration delay = Duration.ZERO;
    private Duration renewal = Duration.ZERO;

    Link() {
      super(store);
    }

    private void requireUp() {
      if (down) {
        throw new DimException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
      }
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      if (down) {
        return CompletableFuture.completedFuture(new CommitResult.Refused("out of reach"));
      }
      if (delay.isZero()) {
        return super.commit(commit);
      }
      CompletableFuture<CommitResult> answer = new CompletableFuture<>();
      environment.schedule(delay, () -> super.commit(commit).thenAccept(answer::complete));
      return answer;
    }

    @Override
    public Optional<Entry> get(String key) {
      requireUp();
      return super.get(key);
    }

    @Override
    public Page scan(String index, String prefix, Optional<String> after, int limit) {
      requireUp();
      return super.scan(index, prefix, after, limit);
    }

    @Override
    public List<SessionState> sessions() {
      requireUp();
      return super.sessions();
    }

    @Override
    public Session open(String owner, Duration ttl) {
      requireUp();
      Session session = super.open(owner, ttl);
      return new Session() {
        @Override
        public long epoch() {
          return session.epoch();
        }

        @Override
        public boolean renew() {
          requireUp();
          boolean renewed = session.renew();
          CompletableFuture<Boolean> answer = new CompletableFuture<>();
          environment.schedule(renewal, () -> answer.complete(renewed));
          try {
            return environment.await(answer);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }

        @Override
        public void close() {
          session.close();
        }
      };
    }
  }

  private static PatternResult hanging(PatternContext c) {
    c.run(hang("a"));
    return ScriptedEngine.done();
  }

  private Set<String> submit(Owner owner, int count) {
    Set<String> jobs = new HashSet<>();
    for (int i = 0; i < count; i++) {
      jobs.add(owner.dim.submit(job(Duration.ofHours(1))).jobId());
    }
    return jobs;
  }

  /** The jobs that sessions own, by the names of those that opened them; those of none as "". */
  private Map<String, Set<String>> owned() {
    Map<String, Set<String>> owned = new HashMap<>();
    for (StateStore.SessionState session : store.sessions()) {
      Optional<String> after = Optional.empty();
      do {
        String prefix = "%019d/".formatted(session.epoch());
        StateStore.Page page = store.scan("jobs.owner", prefix, after, 500);
        for (StateStore.Entry entry : page.entries()) {
          owned
              .computeIfAbsent(session.isLive() ? session.owner() : "", o -> new HashSet<>())
              .add(entry.key().substring("job/".length()));
        }
        after = page.next();
      } while (after.isPresent());
    }
    return owned;
  }

  @Test
  void outages_longerThanTheLease_leaveEachJobWhereItRunsAndCountAsNoDeath() {
    Link link = new Link();
    Owner first = open("a", TakeOverTest::hanging, link);
    Set<String> jobsOfFirst = submit(first, 20);
    environment.advance(Duration.ofSeconds(3));
    Owner second = open("b", TakeOverTest::hanging, link);
    Set<String> jobsOfSecond = submit(second, 20);
    for (int outage = 1; outage <= 4; outage++) {
      environment.advance(Duration.ofSeconds(20 + outage));
      link.down = true;
      // For some of them only one of the sessions ends.
      environment.advance(TTL.plusSeconds(outage));
      link.down = false;
      environment.advance(TTL);
      assertThat(owned()).isEqualTo(Map.of("a", jobsOfFirst, "b", jobsOfSecond));
    }
    assertThat(first.dim.list(JobFilter.all().limit(100)).jobs())
        .extracting(JobStatus::state)
        .hasSize(40)
        .containsOnly(JobState.RUNNING);
  }

  @Test
  void outage_thatOneDoesNotSurvive_leavesItsJobsToTheOtherSoon() {
    Link link = new Link();
    Owner first = open("a", TakeOverTest::hanging, link);
    Owner second = open("b", TakeOverTest::hanging, link);
    Set<String> jobs = submit(second, 20);
    environment.advance(Duration.ofSeconds(20));
    link.down = true;
    environment.advance(TTL.plusSeconds(1));
    second.process.kill();
    link.down = false;
    environment.advance(GAP);

    assertThat(first.process.isAlive()).isTrue();
    assertThat(owned()).isEqualTo(Map.of("a", jobs));
  }

  @Test
  void kill_ofAnOwner_isSeenAfterALeaseByOneThatIsNeverSteady() {
    Link slow = new Link();
    slow.renewal = TTL.dividedBy(4);
    Owner dying = open("a", TakeOverTest::hanging);
    Set<String> jobs = submit(dying, 5);
    open("b", TakeOverTest::hanging, slow);
    environment.advance(Duration.ofMinutes(1));
    dying.process.kill();
    environment.advance(GAP);
    assertThat(owned()).isEqualTo(Map.of("", jobs));
    environment.advance(TTL);
    assertThat(owned()).isEqualTo(Map.of("b", jobs));
  }

  @Test
  void kill_ofAnOwnerOfMany_leavesItsShareToASlowHeirThatLives() {
    Link slow = new Link();
    Owner dying = open("a", TakeOverTest::hanging, store, 1);
    submit(dying, 1_200);
    open("b", TakeOverTest::hanging, store, 1);
    open("c", TakeOverTest::hanging, slow, 1);
    environment.advance(Duration.ofSeconds(1));
    slow.delay = Duration.ofSeconds(1);
    dying.process.kill();
    environment.advance(GAP.plusSeconds(5));

    assertThat(owned().keySet()).containsExactlyInAnyOrder("b", "c");
    assertThat(owned().get("b")).hasSizeBetween(540, 660);
  }

  @Test
  void status_ofAJobThatAnotherHasEnded_isTheOthers() {
    node.on("do", Reply.answer(Map.of()).after(Duration.ofSeconds(5)));
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(Task.action("a", "do").onNode("n1"));
          return ScriptedEngine.done();
        };
    Owner sleeper = open("a", script);
    String id = sleeper.dim.submit(job(Duration.ofMinutes(5))).jobId();
    environment.advance(Duration.ofSeconds(1));
    sleeper.process.pause();
    Owner heir = open("b", script);
    environment.advance(Duration.ofSeconds(30));
    assertThat(heir.dim.status(id).state()).isEqualTo(JobState.COMPLETED);

    sleeper.process.resume();
    assertThat(sleeper.dim.status(id)).isEqualTo(heir.dim.status(id));
    assertThat(sleeper.dim.list(JobFilter.all()).jobs())
        .extracting(JobStatus::state)
        .containsExactly(JobState.COMPLETED);
  }

  @Test
  void kill_threeTimesAfterARollbackThatFailed_endsTheJobAsNotUndone() {
    node.on("undo", Reply.fail(ErrorCode.POLICY_DENIED));
    Function<PatternContext, PatternResult> script =
        c -> {
          c.onRollback("a", Task.action("undo-a", "undo").onNode("n1"));
          c.run(Task.action("a", "do").onNode("n1"));
          c.rollback("back", Duration.ofSeconds(10));
          c.run(hang("deadly"));
          return ScriptedEngine.done();
        };
    Owner owner = open("o0", script);
    String id = owner.dim.submit(job(Duration.ofHours(1))).jobId();
    for (int death = 1; death <= 3; death++) {
      environment.advance(Duration.ofSeconds(1));
      owner.process.kill();
      owner = open("o" + death, script);
      environment.advance(GAP);
    }
    ErrorInfo error = owner.dim.status(id).error().orElseThrow();
    assertThat(error.code()).isEqualTo(ErrorCode.COMPENSATION_FAILED);
    assertThat(error.message())
        .isEqualTo("the orchestrator died 3 times while it ran the job; not undone: a");
  }

  @Test
  void resume_afterAnotherTookOver_changesNothing() {
    node.on("do", Reply.answer(Map.of()).after(Duration.ofSeconds(70)));
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(Task.action("a", "do").onNode("n1"));
          return ScriptedEngine.done();
        };
    Owner sleeper = open("a", script);
    String id = sleeper.dim.submit(job(Duration.ofSeconds(60))).jobId();
    environment.advance(Duration.ofSeconds(1));
    sleeper.process.pause();
    Owner heir = open("b", script);
    environment.advance(Duration.ofSeconds(64));
    assertThat(node.log().calls()).extracting(call -> call.task().epoch()).containsExactly(1L, 2L);

    // Wakes to find the job's time up, which it no longer is: the heir has the rest of it.
    sleeper.process.resume();
    environment.advance(Duration.ofSeconds(2));
    assertThat(heir.dim.status(id).state()).isEqualTo(JobState.RUNNING);
    environment.advance(Duration.ofSeconds(10));
    JobStatus status = heir.dim.status(id);
    assertThat(status.state()).isEqualTo(JobState.COMPLETED);
    assertThat(sleeper.dim.status(id)).isEqualTo(status);
    assertThat(node.log().cancelled()).hasSize(1);
    assertThat(node.log().calls()).hasSize(2);
  }

  @Test
  void resume_withAPureStepToSend_sendsItNowhere() {
    node.on("do", Reply.answer(Map.of()).after(Duration.ofSeconds(1)));
    Owner sleeper =
        open(
            "a",
            c -> {
              c.run(pure("a", "n1"));
              c.run(pure("b", "n2"));
              return ScriptedEngine.done();
            });
    String id = sleeper.dim.submit(job(Duration.ofMinutes(5))).jobId();
    environment.runUntilIdle();
    sleeper.process.pause();
    Owner heir =
        open(
            "b",
            c -> {
              c.run(hang("before"));
              return ScriptedEngine.done();
            });
    environment.advance(GAP);
    assertThat(node.log().steps()).containsExactly("a", "before");

    // Its step is answered, and the other node has not heard of the heir.
    sleeper.process.resume();
    environment.advance(Duration.ofMinutes(1));
    assertThat(other.log().calls()).isEmpty();
    assertThat(heir.dim.status(id).state()).isEqualTo(JobState.RUNNING);
  }

  private static Task pure(String step, String nodeId) {
    return Task.action(step, "do").onNode(nodeId).effect(Effect.PURE);
  }
}
