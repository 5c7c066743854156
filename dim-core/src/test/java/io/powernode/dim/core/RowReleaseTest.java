package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A node that keeps rows of a job hears when it may forget them, and no other node does. */
class RowReleaseTest extends JobEngineFixture {
  private final EchoNode keeping = new EchoNode("n3", RowReleaseTest::kept);

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
