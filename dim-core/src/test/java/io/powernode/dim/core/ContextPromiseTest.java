package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an engine's context promises when the owner of a job dies and another one goes on. */
class ContextPromiseTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JobSpec JOB = JobSpec.of(new ScriptedEngine.Spec()).build();
  private static final ReviewRequest ASK =
      new ReviewRequest(
          List.of("y", "n"), List.of(new ReviewRequest.Item("r", Map.of(), 0.5)), Optional.empty());

  private final Environment environment = Environment.system();
  private final FaultyStore store = new FaultyStore(environment);
  private final EchoNode node = new EchoNode("n1");
  private final EchoNode silent = new EchoNode("n2", call -> new CompletableFuture<>());
  private final List<Orchestrator> owners = new ArrayList<>();

  @AfterEach
  void close() {
    owners.forEach(Orchestrator::close);
    environment.close();
  }

  private Orchestrator owner(Function<PatternContext, PatternResult> script, EchoNode... nodes) {
    OrchestratorBuilder builder =
        Dim.orchestrator()
            .environment(environment)
            .store(store)
            .id("o" + owners.size())
            .plugin(new ScriptedEngine(script));
    List.of(nodes).forEach(builder::node);
    Orchestrator dim = builder.build();
    owners.add(dim);
    return dim;
  }

  /** Lets a job run until its second node is asked, then kills its owner. */
  private String runUntilDeath(Function<PatternContext, PatternResult> script) {
    Orchestrator first = owner(script, node, silent);
    String id = first.submit(JOB).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    store.expireSessions();
    return id;
  }

  private static PatternResult done(Object method) {
    return PatternResult.completed(
        JobOutput.ofTensors(Map.of()), Evidence.of(String.valueOf(method)));
  }

  private static Task book(String step, String nodeId) {
    return Task.action(step, "book").onNode(nodeId);
  }

  @Test
  void nodes_ownerDies_choiceStaysThoughTheNodeIsGone() {
    Function<PatternContext, PatternResult> script =
        c -> {
          String chosen = c.nodes("choose", NodeRequirements.named(List.of("n1"))).nodes().get(0);
          c.run(book("last", "n2"));
          return done(chosen);
        };
    String id = runUntilDeath(script);
    Orchestrator next = owner(script, new EchoNode("n2"));

    assertThat(next.await(id, LIMIT).evidence().method()).isEqualTo("n1");
  }

  @Test
  void nodes_ownerDiesAfterARefusal_refusalStaysThoughTheNodeIsThere() {
    Function<PatternContext, PatternResult> script =
        c -> {
          Throwable refusal =
              catchThrowable(() -> c.nodes("choose", NodeRequirements.named(List.of("n9"))));
          c.run(book("last", "n2"));
          return done(((DimException) refusal).code());
        };
    String id = runUntilDeath(script);
    Orchestrator next = owner(script, new EchoNode("n2"), new EchoNode("n9"));

    assertThat(next.await(id, LIMIT).evidence().method()).isEqualTo("UNKNOWN_NODE");
  }

  @Test
  void record_ownerDies_keepsTheFirstValue() {
    AtomicInteger values = new AtomicInteger();
    Function<PatternContext, PatternResult> script =
        c -> {
          int value = c.record("note", Integer.class, values::incrementAndGet);
          c.run(book("last", "n2"));
          return done(value);
        };
    String id = runUntilDeath(script);
    Orchestrator next = owner(script, new EchoNode("n2"));

    assertThat(next.await(id, LIMIT).evidence().method()).isEqualTo("1");
    assertThat(values).hasValue(1);
  }

  @Test
  void runAll_ownerDies_sameOnesCountAndNobodyIsAskedAgain() {
    EchoNode quiet = new EchoNode("n3", call -> new CompletableFuture<>());
    EchoNode lively = new EchoNode("n3");
    Function<PatternContext, PatternResult> script =
        c -> {
          TaskResults results =
              c.runAll("all", List.of(book("s", "n3"), book("f", "n1")), Until.quorum(1));
          c.run(book("last", "n2"));
          return done(results.counted().keySet() + " " + results.late());
        };
    Orchestrator first = owner(script, node, silent, quiet);
    String id = first.submit(JOB).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    store.expireSessions();
    Orchestrator next = owner(script, new EchoNode("n1"), new EchoNode("n2"), lively);

    assertThat(next.await(id, LIMIT).evidence().method()).isEqualTo("[f] [s]");
    assertThat(lively.calls).isEmpty();
  }

  @Test
  void takeOver_jobOfAnUnknownPattern_doesNotKeepTheOthersWaiting() {
    Orchestrator first =
        Dim.orchestrator()
            .environment(environment)
            .store(store)
            .node(silent)
            .plugin(new ScriptedEngine(c -> done("x")))
            .plugin(new OtherEngine())
            .build();
    owners.add(first);
    String unknown = first.submit(JobSpec.of(new OtherSpec()).build()).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    first.close();
    Orchestrator next = owner(c -> done("x"), node);

    assertThat(next.submit(JOB).await(LIMIT).evidence().method()).isEqualTo("x");
    assertThat(next.list(JobFilter.all()).jobs()).hasSize(1);
    assertThat(catchThrowable(() -> next.status(unknown))).isInstanceOf(DimException.class);
  }

  /** A pattern that the next owner does not know. */
  private record OtherSpec() implements PatternSpec {
    @Override
    public String pattern() {
      return "other";
    }
  }

  private static final class OtherEngine implements PatternEngine<OtherSpec> {
    @Override
    public String name() {
      return "other";
    }

    @Override
    public Class<OtherSpec> specType() {
      return OtherSpec.class;
    }

    @Override
    public PatternResult execute(OtherSpec spec, PatternContext context) {
      context.run(book("last", "n2"));
      return done("y");
    }
  }

  @Test
  void close_whileJobsRun_isNoCrashForTheNextOwner() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(book("last", "n2"));
          return done("x");
        };
    Orchestrator first = owner(script, silent);
    String id = first.submit(JOB).jobId();
    for (int restarts = 1; restarts <= 4; restarts++) {
      int sent = restarts;
      Awaitility.await().until(() -> silent.calls.size() == sent);
      owners.get(restarts - 1).close();
      assertThat(stored(id).state()).isEqualTo(JobState.PENDING);
      owner(script, silent);
    }
    owners.get(4).close();
    Orchestrator last = owner(script, new EchoNode("n2"));

    last.await(id, LIMIT);
    assertThat(stored(id).life().takeovers()).isZero();
  }

  @Test
  void takeOver_jobWaitsForAReview_stillShowsWhatItCostAndWhoDidIt() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(book("a", "n1"));
          return c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done("x");
        };
    String id = owner(script, node).submit(JOB).jobId();
    Orchestrator first = owners.get(0);
    Awaitility.await().until(() -> first.status(id).state() == JobState.AWAITING_REVIEW);
    JobStatus before = first.status(id);
    first.close();
    JobStatus after = owner(script, node).status(id);

    assertThat(after.nodes()).isEqualTo(before.nodes()).isNotEmpty();
    assertThat(after.costActual()).isEqualTo(before.costActual()).isPositive();
  }

  @Test
  void close_jobWithADeadline_keepsTheRestOfItsTime() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(book("last", "n2"));
          return done("x");
        };
    String id = owner(script, silent).submit(JOB).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    owners.get(0).close();

    assertThat(stored(id).life().remaining()).isLessThan(JOB.timeout());
  }

  @Test
  void timeout_ownerDiesWhileItUndoes_nextOwnerDoesNotGiveTheTimeAgain() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.onRollback("a", Task.action("undo-a", "unbook").onNode("n2"));
          c.run(book("a", "n1"));
          c.run(book("b", "n3"));
          return done("x");
        };
    EchoNode stuck = new EchoNode("n3", call -> new CompletableFuture<>());
    JobSpec hasty = JobSpec.of(new ScriptedEngine.Spec()).timeout(Duration.ofSeconds(1)).build();
    String id = owner(script, node, silent, stuck).submit(hasty).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    store.expireSessions();
    EchoNode willing = new EchoNode("n2");
    Orchestrator next = owner(script, node, willing, new EchoNode("n3"));

    assertThat(catchThrowable(() -> next.await(id, LIMIT)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_TIMEOUT));
    assertThat(willing.calls).extracting(call -> call.id().step()).containsExactly("undo-a");
  }

  @Test
  void timeout_tasksUnderWay_areCancelled() {
    JobSpec hasty = JobSpec.of(new ScriptedEngine.Spec()).timeout(Duration.ofSeconds(1)).build();
    Orchestrator dim =
        owner(
            c -> {
              c.runAll("all", List.of(book("a", "n2"), book("b", "n2")), Until.all());
              return done("x");
            },
            silent);
    JobHandle job = dim.submit(hasty);

    assertThat(catchThrowable(() -> job.await(LIMIT)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_TIMEOUT));
    Awaitility.await().until(() -> silent.cancelled.size() == 2);
  }

  @Test
  void timeout_whileWaitingForAReview_doesNotRun() {
    JobSpec hasty = JobSpec.of(new ScriptedEngine.Spec()).timeout(Duration.ofSeconds(1)).build();
    Orchestrator dim =
        owner(
            c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done("x"), node);
    JobHandle job = dim.submit(hasty);
    Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
    CompletableFuture<Void> later = new CompletableFuture<>();
    environment.schedule(Duration.ofMillis(1_200), () -> later.complete(null));
    later.join();
    dim.review(job.jobId(), new Review("ann", Map.of("r", "y"), Optional.empty()));

    job.await(LIMIT);
  }

  @Test
  void cancel_jobOfAnotherOrchestrator_isHeededByItsOwner() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(book("a", "n2"));
          return done("x");
        };
    owners.add(
        Dim.orchestrator()
            .environment(environment)
            .store(store)
            .sessionTtl(Duration.ofSeconds(1))
            .node(silent)
            .plugin(new ScriptedEngine(script))
            .build());
    String id = owners.get(0).submit(JOB).jobId();
    Awaitility.await().until(() -> !silent.calls.isEmpty());
    Orchestrator other = owner(script, silent);
    other.cancel(id);

    assertThat(catchThrowable(() -> other.await(id, LIMIT)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(store.get(Keys.cancel(id))).isEmpty();
  }

  @Test
  void await_jobOfAnotherOrchestrator_waitsForItsEnd() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    EchoNode gated = new EchoNode("n2", call -> gate.thenApply(open -> EchoNode.echo("n2", call)));
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(book("a", "n2"));
          return done("x");
        };
    String id = owner(script, gated).submit(JOB).jobId();
    Orchestrator other = owner(script, gated);
    List<JobState> heard = new CopyOnWriteArrayList<>();
    other.subscribe(id, update -> heard.add(update.state()));
    CompletableFuture<Object> result =
        CompletableFuture.supplyAsync(() -> other.await(id, LIMIT).evidence().method());
    Awaitility.await().until(() -> !heard.isEmpty());
    gate.complete(null);

    assertThat(result.join()).isEqualTo("x");
    Awaitility.await().until(() -> heard.contains(JobState.COMPLETED));
  }

  private JobRecord stored(String id) {
    DimJson json = DimJson.standard().with("scripted", ScriptedEngine.Spec.class);
    return new JobBook(store, json).require(id).record();
  }
}
