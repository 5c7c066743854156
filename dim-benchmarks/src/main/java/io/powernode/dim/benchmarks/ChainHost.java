package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.StateStore;
import java.io.IOException;
import java.time.Duration;

/**
 * An orchestrator that runs chains of three steps which do nothing.
 *
 * @param dim the orchestrator, whose jobs are never removed from its store
 * @param job the chain
 */
record ChainHost(Orchestrator dim, JobSpec job) implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int QUEUED = 100_000;
  private static final int KEPT = 100_000_000;
  private static final int WARM_UP_JOBS = 400;

  static ChainHost on(StateStore store, String id) throws IOException {
    return on(store, id, new NoOp.Node("node"));
  }

  static ChainHost on(StateStore store, String id, NodeEndpoint node) throws IOException {
    Orchestrator dim =
        Dim.orchestrator()
            .store(store)
            .id(id)
            .node(node)
            .maxConcurrentJobs(128)
            .maxQueuedJobs(QUEUED)
            .retainedJobs(KEPT)
            .build();
    NoOp.register(dim, "a", "b", "c");
    JobSpec job =
        JobSpec.chained()
            .step("one", "a")
            .step("two", "b")
            .step("three", "c")
            .input("x", NoOp.X)
            .build();
    return new ChainHost(dim, job);
  }

  /** One job, from submit to durable result. */
  JobResult run() {
    return dim.run(job, LIMIT);
  }

  /** Runs jobs until what they need is compiled. */
  void warmUp() {
    WarmUp.run(this::run, WARM_UP_JOBS);
  }

  @Override
  public void close() {
    dim.close();
  }
}
