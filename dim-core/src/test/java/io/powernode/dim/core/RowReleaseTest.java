package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that keeps rows of a job hears when it may forget them, and no other node does. */
class RowReleaseTest extends JobEngineFixture {
  private final Environment environment = Environment.system();
  private final EchoNode keeping = new EchoNode("n3", RowReleaseTest::kept);

  @AfterEach
  void endThreads() {
    environment.close();
  }

  private static CompletableFuture<TaskResult> kept(TaskEnvelope task) {
    NodeRows rows = new NodeRows(Optional.of("h"), List.of(), Optional.empty());
    return CompletableFuture.completedFuture(
        TaskResult.kept("n3", rows, 1, TensorDigest.of(Map.of()), 1));
  }

  private Orchestrator orchestrator(Function<PatternContext, PatternResult> rest) {
    return builder(
            c -> {
              c.run(book("a"));
              c.run(book("b").onNode("n3"));
              c.run(book("c").onNode("n3"));
              return rest.apply(c);
            })
        .node(keeping)
        .build();
  }

  @Test
  void end_ofAJobWithKeptRows_isToldOnceToTheirNode() {
    try (Orchestrator dim = orchestrator(c -> done())) {
      JobHandle job = dim.submit(JOB);
      job.await(LIMIT);
      Awaitility.await().until(() -> !keeping.released.isEmpty());
      assertThat(keeping.released).containsExactly(job.jobId());
      assertThat(node.released).isEmpty();
    }
  }

  private static Task keep(String step, String nodeId) {
    return book(step).onNode(nodeId).reduce(ReductionSpec.keep());
  }

  @Test
  void end_ofAJobWhoseKeepingTaskWasNotAnswered_isToldToItsNode() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(keep("a", "n2").timeout(Duration.ofMillis(20)).retries(0));
                  c.runAll("b", List.of(keep("b1", "n2"), book("b2")), Until.quorum(1));
                  return done();
                })
            .build()) {
      JobHandle job = dim.submit(JOB);
      job.await(LIMIT);
      Awaitility.await().until(() -> silent.released.equals(List.of(job.jobId())));
      assertThat(node.released).isEmpty();
    }
  }

  /** Where a keeping step was sent, its next owner need not know. */
  @Test
  void end_ofAJobThatWasTakenOver_isToldToEveryNodeWithData() {
    FaultyStore store = new FaultyStore(environment);
    silent.dataSets = List.of(Nodes.cabinet("patients", "medical", 7));
    String id;
    try (Orchestrator first = open(store, RowReleaseTest::keeps)) {
      id = first.submit(JOB).jobId();
      Awaitility.await().until(() -> !silent.calls.isEmpty());
    }
    try (Orchestrator second = open(store, c -> null)) {
      assertCode(catchThrowable(() -> second.await(id, LIMIT)), ErrorCode.ENGINE_FAULT);
      Awaitility.await().until(() -> silent.released.equals(List.of(id)));
      assertThat(node.released).isEmpty();
    }
  }

  @Test
  void end_ofAJobWhoseJournalIsDamaged_isToldToo() {
    FaultyStore store = new FaultyStore(environment);
    silent.dataSets = List.of(Nodes.cabinet("patients", "medical", 7));
    String id;
    try (Orchestrator first = open(store, RowReleaseTest::keeps)) {
      id = first.submit(JOB).jobId();
      Awaitility.await().until(() -> !silent.calls.isEmpty());
    }
    store.spoil("journal/");
    silent.calls.clear();
    try (Orchestrator second = open(store, RowReleaseTest::keeps)) {
      assertCode(catchThrowable(() -> second.await(id, LIMIT)), ErrorCode.INTERNAL);
      Awaitility.await().until(() -> silent.released.equals(List.of(id)));
      assertThat(silent.calls).isEmpty();
    }
  }

  private static PatternResult keeps(PatternContext c) {
    c.record("note", Long.class, () -> 7L);
    c.run(keep("a", "n2").effect(Effect.PURE));
    return done();
  }

  private Orchestrator open(StateStore store, Function<PatternContext, PatternResult> script) {
    return builder(script)
        .environment(environment)
        .store(store)
        .sessionTtl(Duration.ofSeconds(1))
        .build();
  }

  @Test
  void failureOrCancel_ofAJobWithKeptRows_isToldToo() {
    List<Function<PatternContext, PatternResult>> endings =
        List.of(
            c -> {
              throw new DimException(ErrorCode.INVALID_DATA, "no");
            },
            c -> {
              c.run(hang("d"));
              return done();
            });
    for (Function<PatternContext, PatternResult> ending : endings) {
      keeping.released.clear();
      try (Orchestrator dim = orchestrator(ending)) {
        JobHandle job = dim.submit(JOB);
        Awaitility.await()
            .until(() -> job.status().state().isTerminal() || !silent.calls.isEmpty());
        job.cancel();
        assertThat(catchThrowable(() -> job.await(LIMIT))).isInstanceOf(DimException.class);
        Awaitility.await().until(() -> keeping.released.equals(List.of(job.jobId())));
      }
    }
  }
}
