package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Orchestrators on one store, none of them the first: what works at one works at every other. */
class SeveralOrchestratorsTest extends JobEngineFixture {
  private final Environment environment = Environment.system();
  private final StateStore store = new BytesOnlyStore(InMemoryStateStore.create(environment));
  private final List<Orchestrator> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(Orchestrator::close);
    environment.close();
  }

  private Orchestrator open(String id, Function<PatternContext, PatternResult> script) {
    Orchestrator dim = open(id, script, store);
    open.add(dim);
    return dim;
  }

  private Orchestrator open(
      String id, Function<PatternContext, PatternResult> script, StateStore kept) {
    return builder(script)
        .environment(environment)
        .store(kept)
        .id(id)
        .sessionTtl(Duration.ofSeconds(1))
        .build();
  }

  private static PatternResult hanging(PatternContext c) {
    c.run(hang("a"));
    return done();
  }

  private static PatternResult reviewed(PatternContext c) {
    return c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done();
  }

  private long intents() {
    return store.scan(Keys.INTENTS, "", Optional.empty(), 10).entries().size();
  }

  @Test
  void cancel_atAnother_endsTheJobAndLeavesNoRequest() {
    Orchestrator owner = open("a", SeveralOrchestratorsTest::hanging);
    Orchestrator other = open("b", SeveralOrchestratorsTest::hanging);
    String id = owner.submit(JOB).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());

    other.cancel(id);
    assertCode(catchThrowable(() -> other.await(id, LIMIT)), ErrorCode.CANCELLED);
    assertCode(catchThrowable(() -> owner.await(id, LIMIT)), ErrorCode.CANCELLED);
    assertThat(silent.cancelled).hasSize(1);
    assertThat(intents()).isZero();
    assertThat(other.cancel(id)).isEqualTo(JobState.CANCELLED);
    assertThat(intents()).isZero();
  }

  @Test
  void review_atAnother_letsTheJobGoOnAndIsTakenOnce() {
    Orchestrator owner = open("a", SeveralOrchestratorsTest::reviewed);
    Orchestrator other = open("b", SeveralOrchestratorsTest::reviewed);
    String id = owner.submit(JOB).jobId();
    assertCode(catchThrowable(() -> other.result(id)), ErrorCode.CONFLICT);
    Awaitility.await().until(() -> other.status(id).state() == JobState.AWAITING_REVIEW);
    Review wrong = new Review("ann", Map.of("r", "maybe"), Optional.empty());

    assertCode(catchThrowable(() -> other.review(id, wrong)), ErrorCode.INVALID_ARGUMENT);
    assertThat(intents()).isZero();
    other.review(id, YES);
    for (Orchestrator each : List.of(owner, other)) {
      assertCode(catchThrowable(() -> each.review(id, YES)), ErrorCode.CONFLICT);
    }
    assertThat(other.await(id, LIMIT)).isEqualTo(owner.await(id, LIMIT));
    assertThat(intents()).isZero();
  }

  @Test
  void review_whileNobodyOwnsTheJob_isHeededByTheNextOwner() {
    String id;
    try (Orchestrator first = open("a", SeveralOrchestratorsTest::reviewed)) {
      JobHandle job = first.submit(JOB);
      id = job.jobId();
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
    }
    Committing committing = new Committing(store, environment);
    JobBook book =
        new JobBook(store, DimJson.standard().with("scripted", ScriptedEngine.Spec.class));
    new Intents(committing, book).review(id, YES);

    open("b", SeveralOrchestratorsTest::reviewed).await(id, LIMIT);
    assertThat(intents()).isZero();
  }

  @Test
  void review_ofTwoRequests_eachTakesItsOwn() {
    Function<PatternContext, PatternResult> twice =
        c ->
            c.review("ask", ASK).isEmpty() || c.review("ask again", ASK).isEmpty()
                ? PatternResult.awaitingReview()
                : done();
    Orchestrator owner = open("a", twice);
    Orchestrator other = open("b", twice);
    String id = owner.submit(JOB).jobId();
    for (String step : List.of("ask", "ask again")) {
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(store.get(Keys.job(id)).map(e -> new String(e.value().bytes())))
                      .hasValueSatisfying(json -> assertThat(json).contains("\"" + step + "\"")));
      other.review(id, YES);
    }

    other.await(id, LIMIT);
    assertThat(intents()).isZero();
  }

  @Test
  void subscribe_atAnother_hearsTheStatesToTheEnd() {
    CompletableFuture<TaskResult> answer = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n3", call -> answer);
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(Task.action("a", "book").onNode("n3"));
          return done();
        };
    Orchestrator owner =
        builder(script).node(slow).environment(environment).store(store).id("a").build();
    open.add(owner);
    Orchestrator other = open("b", script);
    String id = owner.submit(JOB).jobId();
    List<JobUpdate> heard = new CopyOnWriteArrayList<>();
    other.subscribe(id, heard::add);
    Awaitility.await().until(() -> !slow.calls.isEmpty());
    answer.complete(EchoNode.echo("n3", slow.calls.get(0)));

    Awaitility.await()
        .until(() -> heard.stream().anyMatch(update -> update.state() == JobState.COMPLETED));
    assertThat(heard).extracting(JobUpdate::sequence).doesNotHaveDuplicates().isSorted();
    assertThat(other.list(JobFilter.all()).jobs())
        .extracting(JobStatus::jobId, JobStatus::state)
        .containsExactly(tuple(id, JobState.COMPLETED));
    owner.await(id, LIMIT);
    assertThat(other.trace(id)).isEqualTo(owner.trace(id));
  }

  @Test
  void close_ofAnOwner_spreadsItsJobsOverTheOthers() {
    Orchestrator first = open("a", SeveralOrchestratorsTest::hanging);
    for (int i = 0; i < 60; i++) {
      first.submit(JOB);
    }
    open("b", SeveralOrchestratorsTest::hanging);
    open("c", SeveralOrchestratorsTest::hanging);
    first.close();

    Awaitility.await().until(() -> jobsOf(2) + jobsOf(3) == 60);
    assertThat(jobsOf(2)).isBetween(15, 45);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(store.sessions())
                    .extracting(SessionState::owner)
                    .containsExactly("b", "c"));
  }

  @Test
  void takeOver_byAnOlderSession_sendsTasksUnderAHigherEpochAllTheSame() {
    open("a", SeveralOrchestratorsTest::hanging);
    Orchestrator younger = open("b", SeveralOrchestratorsTest::hanging);
    younger.submit(JOB);
    Awaitility.await().until(() -> silent.calls.size() == 1);
    younger.close();

    Awaitility.await().until(() -> silent.calls.size() == 2);
    assertThat(jobsOf(1)).isOne();
    assertThat(silent.calls.get(1).epoch()).isGreaterThan(silent.calls.get(0).epoch());
  }

  @Test
  void takeOver_ofAJobThatCannotBeDecodedHere_doesNotKeepTheOthersFromIt() {
    FaultyStore spoilt = new FaultyStore(environment);
    List<String> jobs = new ArrayList<>();
    try (Orchestrator first = open("a", SeveralOrchestratorsTest::hanging, spoilt)) {
      for (int i = 0; i < 5; i++) {
        jobs.add(first.submit(JOB).jobId());
      }
      Awaitility.await().until(() -> silent.calls.size() == 5);
      jobs.sort(null);
    }
    spoilt.spoil(jobs.get(0));
    try (Orchestrator second = open("b", SeveralOrchestratorsTest::hanging, spoilt)) {
      Awaitility.await().until(() -> silent.calls.size() == 9);
      assertThat(second.list(JobFilter.all()).jobs())
          .extracting(JobStatus::jobId)
          .containsExactlyInAnyOrderElementsOf(jobs.subList(1, 5));
      spoilt.spoil("");
      Awaitility.await().until(() -> silent.calls.size() == 10);
    }
  }

  @Test
  void subscribe_whileReadsFail_hearsTheEndAllTheSame() {
    CompletableFuture<TaskResult> answer = new CompletableFuture<>();
    EchoNode slow = new EchoNode("n3", call -> answer);
    FaultyStore faulty = new FaultyStore(environment);
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(Task.action("a", "book").onNode("n3"));
          return done();
        };
    try (Orchestrator owner =
            builder(script).node(slow).environment(environment).store(faulty).id("a").build();
        Orchestrator other = open("b", script, faulty)) {
      String id = owner.submit(JOB).jobId();
      List<JobUpdate> heard = new CopyOnWriteArrayList<>();
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      other.subscribe(id, heard::add);
      faulty.brokenReads.set(3);
      answer.complete(EchoNode.echo("n3", slow.calls.get(0)));

      Awaitility.await()
          .until(() -> heard.stream().anyMatch(update -> update.state() == JobState.COMPLETED));
      assertThat(faulty.brokenReads).hasNonPositiveValue();
    }
  }

  private int jobsOf(long epoch) {
    return store
        .scan(Keys.JOBS_BY_OWNER, Keys.owner(epoch), Optional.empty(), 100)
        .entries()
        .size();
  }
}
