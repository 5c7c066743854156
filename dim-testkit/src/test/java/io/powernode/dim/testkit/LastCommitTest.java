package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A commit that was judged while its session was live, and takes effect long after that expired.
 */
class LastCommitTest {
  private static final Duration TTL = Duration.ofSeconds(15);

  private final SimulatedEnvironment environment = new SimulatedEnvironment(5);
  private final LateStore store = new LateStore(InMemoryStateStore.create(environment));

  @AfterEach
  void close() {
    environment.close();
  }

  /** Holds the first submission back, as a database does whose disk stands still. */
  private static final class LateStore extends ForwardingStore {
    private final CompletableFuture<Commit> late = new CompletableFuture<>();
    private boolean isUnderWay;

    LateStore(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      boolean isSubmission =
          commit.writes().stream().anyMatch(write -> write.key().startsWith("job/"));
      if (late.isDone() || !isSubmission) {
        return super.commit(commit);
      }
      isUnderWay = true;
      late.complete(commit);
      return new CompletableFuture<>();
    }

    /** Its guards held when they were looked at. */
    void takeEffect() {
      Commit judged = late.join();
      super.commit(new Commit(judged.stream(), judged.transactionId(), List.of(), judged.writes()));
      isUnderWay = false;
    }

    @Override
    public List<SessionState> sessions() {
      return super.sessions().stream()
          .map(
              session ->
                  isUnderWay && session.standing() == Standing.ENDED
                      ? new SessionState(session.epoch(), session.owner(), Standing.EXPIRED)
                      : session)
          .toList();
    }
  }

  private Orchestrator open(String id, SimulatedProcess process) {
    FakeNode node = new FakeNode(FakeProfile.of("n1").actions("do").build(), environment);
    return Dim.orchestrator()
        .environment(process)
        .store(process.connect(store))
        .node(process.connect(node.on("do", Reply.answer(Map.of()))))
        .plugin(new ScriptedEngine(c -> ScriptedEngine.done()))
        .sessionTtl(TTL)
        .id(id)
        .build();
  }

  @Test
  void submission_thatTakesEffectLongAfterItsOwnersDeath_isRunAllTheSame() {
    SimulatedProcess process = environment.process();
    Orchestrator first = open("first", process);
    process.execute(() -> first.submit(JobSpec.of(new ScriptedEngine.Spec()).build()));
    environment.advance(Duration.ofSeconds(1));
    Orchestrator second = open("second", environment.process());
    process.kill();
    environment.advance(TTL.multipliedBy(6));
    assertThat(second.list(JobFilter.all()).jobs()).isEmpty();

    store.takeEffect();
    environment.advance(TTL.multipliedBy(2));
    assertThat(second.list(JobFilter.all()).jobs())
        .singleElement()
        .satisfies(job -> assertThat(job.state()).isEqualTo(JobState.COMPLETED));
    environment.advance(TTL.multipliedBy(3));
    assertThat(store.sessions()).as("the first is forgotten in the end").hasSize(1);
  }
}
