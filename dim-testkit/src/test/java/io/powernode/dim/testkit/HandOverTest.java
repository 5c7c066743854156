package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an orchestrator leaves that goes at a bad moment, on a clock that a test turns. */
class HandOverTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final SimulatedEnvironment environment = new SimulatedEnvironment(5);
  private final LateStore store = new LateStore();
  private final FakeNode node =
      new FakeNode(FakeProfile.of("n1").actions("do", "hang").build(), environment)
          .on("do", Reply.answer(Map.of()))
          .on("hang", Reply.hang());

  /** What is handed in takes effect after a while, as in a store that is busy. */
  private final class LateStore extends ForwardingStore {
    private volatile boolean isEnding;

    LateStore() {
      super(new EncodingStore(InMemoryStateStore.create(environment)));
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      isEnding |= commit.writes().stream().anyMatch(write -> write.key().startsWith("end/"));
      CompletableFuture<CommitResult> answer = new CompletableFuture<>();
      environment.schedule(
          Duration.ofMillis(20), () -> super.commit(commit).thenAccept(answer::complete));
      return answer;
    }
  }

  @AfterEach
  void close() {
    environment.close();
  }

  private Orchestrator open(String id, Function<PatternContext, PatternResult> script) {
    return open(id, script, environment.process());
  }

  private Orchestrator open(
      String id, Function<PatternContext, PatternResult> script, SimulatedProcess process) {
    StateStore kept = process.connect(store);
    return Dim.orchestrator()
        .environment(process)
        .store(kept)
        .node(process.connect(node))
        .plugin(new ScriptedEngine(script))
        .id(id)
        .build();
  }

  private static Task task(String step, String action) {
    return Task.action(step, action).onNode("n1");
  }

  private static JobSpec job() {
    return JobSpec.of(new ScriptedEngine.Spec()).timeout(LIMIT).build();
  }

  @Test
  void close_whileAnEndIsUnderWay_waitsForIt() {
    Function<PatternContext, PatternResult> script =
        c -> {
          c.run(task("a", "do"));
          return ScriptedEngine.done();
        };
    Orchestrator first = open("a", script);
    String id = first.submit(job()).jobId();
    assertThat(environment.runUntil(() -> store.isEnding, LIMIT)).isTrue();
    first.close();

    assertThat(open("b", script).status(id).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void kill_inTheMidstOfAnEffect_doesNotLetItComeAfterItsUndoing() {
    node.on("slow", Reply.answer(Map.of()).after(Duration.ofMinutes(1)));
    Function<PatternContext, PatternResult> script =
        c -> {
          c.onRollback("a", task("undo-a", "do"));
          c.run(task("a", "slow"));
          return ScriptedEngine.done();
        };
    SimulatedProcess dying = environment.process();
    String id = open("a", script, dying).submit(job()).jobId();
    Orchestrator heir = open("b", script);
    environment.advance(Duration.ofSeconds(1));
    dying.kill();
    heir.cancel(id);
    environment.advance(Duration.ofMinutes(2));

    assertThat(heir.status(id).state()).isEqualTo(JobState.CANCELLED);
    assertThat(node.log().steps()).containsExactly("a", "undo-a");
    assertThat(node.effects()).containsOnlyKeys(id + "/undo-a");
  }

  @Test
  void close_afterTheJobsTimeWasUp_leavesItToBeEndedOnly() {
    AtomicInteger late = new AtomicInteger();
    Function<PatternContext, PatternResult> script =
        c -> {
          c.onRollback("a", task("undo-a", "hang"));
          c.run(task("a", "do"));
          c.run(task("b", "hang").effect(Effect.PURE));
          c.record("late", Integer.class, late::incrementAndGet);
          return ScriptedEngine.done();
        };
    Orchestrator first = open("a", script);
    String id = first.submit(job()).jobId();
    environment.advance(LIMIT.plusSeconds(1));
    assertThat(node.log().steps()).containsExactly("a", "b", "undo-a");
    first.close();
    Orchestrator second = open("b", script);
    environment.advance(ScriptedEngine.ROLLBACK_TIMEOUT.multipliedBy(2));

    assertThat(late).as("what the engine did after the time was up").hasValue(0);
    assertThat(second.status(id).error().map(ErrorInfo::message))
        .hasValueSatisfying(
            message -> assertThat(message).startsWith("the job did not end within 10 s"));
  }
}
