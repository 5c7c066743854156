package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached for a while. */
class StoreOutageTest extends JobEngineFixture {
  private static final JobSpec KEYED =
      JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();

  private final Environment environment = Environment.system();
  private final FaultyStore store = new FaultyStore(environment);
  private final CompletableFuture<TaskResult> answer = new CompletableFuture<>();
  private final EchoNode slow = new EchoNode("n3", call -> answer);

  @AfterEach
  void endThreads() {
    environment.close();
  }

  private Orchestrator open(Function<PatternContext, PatternResult> script) {
    return builder(script)
        .node(slow)
        .environment(environment)
        .store(store)
        .sessionTtl(Duration.ofSeconds(1))
        .build();
  }

  private static PatternResult twoSteps(PatternContext c) {
    c.run(Task.action("a", "book").onNode("n3"));
    c.run(book("b"));
    return done();
  }

  private static void assertRetryable(Throwable thrown) {
    assertCode(thrown, ErrorCode.UNAVAILABLE);
    assertThat(((DimException) thrown).retryable()).isTrue();
  }

  @Test
  void build_storeDown_isRefusedAndMayBeTriedAgain() {
    store.down(true);
    assertRetryable(catchThrowable(() -> open(c -> done())));

    store.down(false);
    try (Orchestrator dim = open(c -> done())) {
      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void submit_storeDown_isRefusedAndMayBeTriedAgain() {
    try (Orchestrator dim = open(c -> done())) {
      store.down(true);
      for (JobSpec job : new JobSpec[] {JOB, KEYED}) {
        assertRetryable(catchThrowable(() -> dim.submit(job)));
      }
      store.down(false);
      JobHandle job = dim.submit(KEYED);
      job.await(LIMIT);

      assertThat(dim.submit(KEYED).jobId()).isEqualTo(job.jobId());
      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(1);
    }
  }

  @Test
  void submit_answerAndLookupLost_jobIsFoundAndRunsOnce() {
    try (Orchestrator dim = open(c -> done())) {
      store.plan(
          (number, commit) ->
              FaultyStore.putting("job/").test(commit) && number < 3
                  ? FaultyStore.Fault.APPLIED_BUT_UNKNOWN
                  : FaultyStore.Fault.NONE);
      store.failingLookups.set(1);
      assertRetryable(catchThrowable(() -> dim.submit(KEYED)));
      JobHandle job = dim.submit(KEYED);
      job.await(LIMIT);

      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(1);
    }
  }

  @Test
  void outage_whileAJobRuns_onlyDelaysIt() {
    try (Orchestrator dim = open(StoreOutageTest::twoSteps)) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      store.down(true);
      answer.complete(EchoNode.echo("n3", slow.calls.get(0)));
      int before = store.commits.size();
      Awaitility.await().until(() -> store.commits.size() > before + 1);
      assertThat(node.calls).as("the next step waits for the answer's entry").isEmpty();
      store.down(false);
      job.await(LIMIT);

      assertThat(slow.calls).hasSize(1);
      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void outage_longerThanTheSession_jobGoesOnUnderANewOne() {
    try (Orchestrator dim = open(StoreOutageTest::twoSteps)) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      store.down(true);
      store.expireSessions();
      answer.complete(EchoNode.echo("n3", slow.calls.get(0)));
      store.down(false);
      job.await(LIMIT);

      assertThat(slow.calls).extracting(call -> call.id()).containsOnly(slow.calls.get(0).id());
      assertThat(node.calls).hasSize(1);
    }
  }

  @Test
  void outage_longerThanTheJobsTime_jobEndsAsTimedOut() {
    JobSpec hasty = JobSpec.of(new ScriptedEngine.Spec()).timeout(Duration.ofMillis(300)).build();
    try (Orchestrator dim = open(StoreOutageTest::twoSteps)) {
      JobHandle job = dim.submit(hasty);
      Awaitility.await().until(() -> !slow.calls.isEmpty());
      store.down(true);
      Awaitility.await().until(() -> !slow.cancelled.isEmpty());
      assertThat(job.status().state()).isEqualTo(JobState.RUNNING);
      store.down(false);

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.JOB_TIMEOUT);
      assertThat(node.calls).isEmpty();
    }
  }
}
