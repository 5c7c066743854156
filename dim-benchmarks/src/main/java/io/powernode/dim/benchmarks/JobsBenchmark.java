package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.daemon.PowerNodeBuilder;
import io.powernode.dim.spi.NodeEndpoint;
import java.io.IOException;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Jobs whose steps do nothing, from submit to result. */
@State(Scope.Benchmark)
public class JobsBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** A whole node, or only something that answers. */
  @Param({"whole", "bare"})
  public String node = "whole";

  /** Whether job and tasks run on the calling thread, or on others as they do by default. */
  @Param({"true", "false"})
  public boolean callerRuns = true;

  private Orchestrator dim;
  private Runnable closeNode = () -> {};
  private JobSpec chain;
  private JobSpec vote;

  /** Starts an orchestrator with its defaults, which keeps jobs in memory. */
  @Setup
  public void start() throws IOException {
    dim = Dim.orchestrator().node(endpoint()).build();
    NoOp.register(dim, "a", "b", "c");
    chain =
        JobSpec.chained()
            .step("one", "a")
            .step("two", "b")
            .step("three", "c")
            .input("x", NoOp.X)
            .build();
    vote = JobSpec.comparative("a", "b", "c").node("node").input("x", NoOp.X).build();
  }

  private NodeEndpoint endpoint() {
    if (node.equals("bare")) {
      return new NoOp.Node("node");
    }
    PowerNodeBuilder builder = PowerNode.builder("node").loader(new NoOp.Loader());
    PowerNode whole = (callerRuns ? builder.callerRuns() : builder).build();
    closeNode = whole::close;
    return whole;
  }

  /** Ends the threads. */
  @TearDown
  public void stop() {
    dim.close();
    closeNode.run();
  }

  /** Three steps, each on what the one before answered. */
  @Benchmark
  public JobResult chain() {
    return run(chain);
  }

  /** Three models on the same input, and the majority of their votes. */
  @Benchmark
  public JobResult vote() {
    return run(vote);
  }

  private JobResult run(JobSpec job) {
    return callerRuns ? dim.run(job, LIMIT) : dim.submit(job).await(LIMIT);
  }
}
