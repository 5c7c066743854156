package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * An orchestrator with two jobs, one ended and one in the middle of its second step, which shows of
 * a copy of its store that nothing is missing: there, the second job comes to its end.
 */
final class HalfDoneJobs implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Map<String, Tensor> DATA = Map.of("x", Tensor.ofDoubles(new double[500]));

  private final Environment environment = Environment.system();
  private final FakeNode stuck = node("n2").on("book", Reply.hang());
  private final Orchestrator dim;
  private final JobResult ended;
  private final String halfDone;

  HalfDoneJobs(StateStore store) {
    dim = orchestrator(store, stuck).build();
    ended = dim.submit(endedJob()).await(LIMIT);
    halfDone = dim.submit(job("n2").build()).jobId();
    // An effect is sent only when its intent is durable, and with it the answer before it.
    Awaitility.await().until(() -> !stuck.log().calls().isEmpty());
  }

  private FakeNode node(String id) {
    return new FakeNode(FakeProfile.of(id).actions("book").build(), environment);
  }

  private OrchestratorBuilder orchestrator(StateStore store, FakeNode second) {
    return Dim.orchestrator()
        .environment(environment)
        .store(store)
        .sessionTtl(Duration.ofSeconds(1))
        .node(node("n1").on("book", Reply.answer(DATA)))
        .node(second);
  }

  private static JobSpec endedJob() {
    return job("n1").idempotencyKey("once").build();
  }

  private static ChainedJobBuilder job(String second) {
    return JobSpec.chained()
        .action("First", "book", step -> step.node("n1"))
        .action("Second", "book", step -> step.node(second))
        .input("x", DATA.get("x"));
  }

  /** Goes on with a copy of the store as it was at any moment since this was made. */
  void assertGoOnIn(StateStore copy) {
    FakeNode healthy = node("n2").on("book", Reply.answer(DATA));
    try (Orchestrator next = orchestrator(copy, healthy).id("next").build()) {
      assertThat(next.await(halfDone, LIMIT).output().tensors()).isEqualTo(DATA);
      assertThat(healthy.log().steps()).as("what was journaled is not done again").hasSize(1);
      assertThat(next.result(ended.jobId())).isEqualTo(ended);
      assertThat(next.submit(endedJob()).jobId()).as("idempotency keys").isEqualTo(ended.jobId());
      assertThat(next.list(JobFilter.all().state(JobState.COMPLETED)).jobs()).hasSize(2);
    }
  }

  @Override
  public void close() {
    dim.close();
    environment.close();
  }
}
