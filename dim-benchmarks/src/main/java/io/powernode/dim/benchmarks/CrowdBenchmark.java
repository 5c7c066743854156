package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Many jobs at once that all wait for a slow node. */
@State(Scope.Benchmark)
public class CrowdBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** How many. */
  @Param("2000")
  public int jobs = 2000;

  /** How long a task takes. */
  @Param("1000")
  public int millis = 1000;

  private final Environment clock = Environment.system();
  private Orchestrator dim;
  private JobSpec job;

  /** Starts an orchestrator whose limit is raised. */
  @Setup
  public void start() throws IOException {
    Slow node = new Slow(clock, Duration.ofMillis(millis));
    dim = Dim.orchestrator().node(node).maxConcurrentJobs(jobs).build();
    NoOp.register(dim, "a", "b");
    job = JobSpec.comparative("a", "b").node("node").input("x", NoOp.X).build();
  }

  /** Ends the threads. */
  @TearDown
  public void stop() {
    dim.close();
    clock.close();
  }

  /** Submits all, then waits for all. */
  @Benchmark
  public int crowd() {
    List<JobHandle> handles = new ArrayList<>(jobs);
    for (int i = 0; i < jobs; i++) {
      handles.add(dim.submit(job));
    }
    handles.forEach(handle -> handle.await(LIMIT));
    return handles.size();
  }

  private static final class Slow extends NoOp.Node {
    private final Environment clock;
    private final Duration takes;

    Slow(Environment clock, Duration takes) {
      super("node");
      this.clock = clock;
      this.takes = takes;
    }

    @Override
    public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      CompletableFuture<TaskResult> answer = new CompletableFuture<>();
      clock.schedule(takes, () -> super.execute(task, deadline).thenAccept(answer::complete));
      return answer;
    }
  }
}
