package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs whose journal cannot be read, or kills whoever reads it, on a clock that a test turns. */
class DamagedJournalTest {
  private static final Duration TTL = Duration.ofSeconds(15);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final SimulatedEnvironment environment = new SimulatedEnvironment(3);
  private final StateStore store = new EncodingStore(InMemoryStateStore.create(environment));
  private final FakeNode node =
      new FakeNode(FakeProfile.of("n1").actions("do", "undo").build(), environment)
          .on("do", Reply.answer(Map.of()))
          .on("undo", Reply.answer(Map.of()));

  @AfterEach
  void close() {
    environment.close();
  }

  /** An orchestrator in a process of its own, which does something before it reads a journal. */
  private record Owner(SimulatedProcess process, Orchestrator dim) {
    JobState state(String id) {
      return dim.status(id).state();
    }
  }

  private Owner open(String id, Consumer<SimulatedProcess> beforeReading) {
    SimulatedProcess process = environment.process();
    StateStore odd =
        new ForwardingStore(store) {
          @Override
          public Page scan(String index, String prefix, Optional<String> after, int limit) {
            if (index.equals("journal")) {
              beforeReading.accept(process);
            }
            return super.scan(index, prefix, after, limit);
          }
        };
    return new Owner(
        process,
        Dim.orchestrator()
            .environment(process)
            .store(process.connect(odd))
            .node(process.connect(node))
            .plugin(new ScriptedEngine(DamagedJournalTest::reviewed))
            .sessionTtl(TTL)
            .id(id)
            .build());
  }

  private static PatternResult reviewed(PatternContext c) {
    c.onRollback("a", Task.action("undo-a", "undo").onNode("n1"));
    c.run(Task.action("a", "do").onNode("n1"));
    ReviewRequest request =
        new ReviewRequest(
            List.of("y", "n"),
            List.of(new ReviewRequest.Item("r", Map.of(), 0.5)),
            Optional.empty());
    return c.review("ask", request).isEmpty()
        ? PatternResult.awaitingReview()
        : ScriptedEngine.done();
  }

  private static void unreadable(SimulatedProcess process) {
    throw new DimException(ErrorCode.UNAVAILABLE, "cannot be read");
  }

  /** A job that waits for a review, so that its journal is read when it goes on. */
  private String waiting(Owner owner) {
    String id =
        owner.dim.submit(JobSpec.of(new ScriptedEngine.Spec()).timeout(LIMIT).build()).jobId();
    environment.advance(Duration.ofSeconds(1));
    assertThat(owner.state(id)).isEqualTo(JobState.AWAITING_REVIEW);
    return id;
  }

  @Test
  void journal_thatKillsWhoeverReadsIt_doesSoSixTimesThoughTheJobIsCancelled() {
    Owner owner = open("o0", SimulatedProcess::kill);
    String id = waiting(owner);
    owner.dim.cancel(id);
    environment.advance(Duration.ofSeconds(1));
    int deaths = 0;
    while (!owner.process.isAlive() && deaths < 10) {
      deaths++;
      owner = open("o" + deaths, SimulatedProcess::kill);
      environment.advance(TTL.multipliedBy(2));
    }

    assertThat(deaths).isEqualTo(6);
    assertEnd(owner, id, ErrorCode.QUARANTINED);
  }

  @Test
  void journal_thatCannotBeRead_endsTheJobWhenItsTimeIsUp() {
    Owner owner = open("a", DamagedJournalTest::unreadable);
    String id = waiting(owner);
    owner.dim.review(id, new Review("ann", Map.of("r", "y"), Optional.empty()));
    environment.advance(LIMIT.minusSeconds(3));
    assertThat(owner.state(id).isTerminal()).isFalse();
    environment.advance(Duration.ofSeconds(6));

    assertEnd(owner, id, ErrorCode.JOB_TIMEOUT);
  }

  @Test
  void cancel_whileTheJournalCannotBeRead_endsTheJobWhenRollbacksWouldHaveToBeOver() {
    Owner owner = open("a", DamagedJournalTest::unreadable);
    String id = waiting(owner);
    owner.dim.cancel(id);
    environment.advance(ScriptedEngine.ROLLBACK_TIMEOUT.minusSeconds(3));
    assertThat(owner.state(id).isTerminal()).isFalse();
    environment.advance(Duration.ofSeconds(6));

    assertEnd(owner, id, ErrorCode.COMPENSATION_FAILED);
    assertThat(node.log().steps()).containsExactly("a");
  }

  private static void assertEnd(Owner owner, String id, ErrorCode code) {
    ErrorInfo error = owner.dim.status(id).error().orElseThrow();
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).endsWith("it may have had effects, which were not undone");
  }

  @Test
  void cancel_whileTheJournalCannotBeReadForAMoment_undoesTheJob() {
    AtomicInteger failing = new AtomicInteger(5);
    Owner owner =
        open(
            "a",
            process -> {
              if (failing.getAndDecrement() > 0) {
                unreadable(process);
              }
            });
    String id = waiting(owner);
    owner.dim.cancel(id);
    environment.advance(Duration.ofSeconds(10));

    assertThat(owner.state(id)).isEqualTo(JobState.CANCELLED);
    assertThat(node.log().steps()).containsExactly("a", "undo-a");
  }
}
