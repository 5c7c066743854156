package io.powernode.dim.benchmarks;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same three steps with Temporal, on its test server in this process, which keeps everything in
 * memory and loses it: a server of its own that writes to a disk takes longer.
 */
@State(Scope.Benchmark)
public class TemporalBenchmark {
  private static final String QUEUE = "bench";

  private TestWorkflowEnvironment temporal;

  /** Three steps, each on what the one before answered. */
  @WorkflowInterface
  public interface Chain {
    /** Runs them. */
    @WorkflowMethod
    String run(String input);
  }

  /** A step. */
  @ActivityInterface
  public interface Step {
    /** Answers its input. */
    String echo(String input);
  }

  /** Created for each run. */
  public static final class ChainOfThree implements Chain {
    private final Step step =
        Workflow.newActivityStub(
            Step.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofMinutes(1)).build());

    @Override
    public String run(String input) {
      return step.echo(step.echo(step.echo(input)));
    }
  }

  private static final class Echo implements Step {
    @Override
    public String echo(String input) {
      return input;
    }
  }

  /** Starts the server and a worker. */
  @Setup
  public void start() {
    temporal = TestWorkflowEnvironment.newInstance();
    Worker worker = temporal.newWorker(QUEUE);
    worker.registerWorkflowImplementationTypes(ChainOfThree.class);
    worker.registerActivitiesImplementations(new Echo());
    temporal.start();
    WarmUp.run(this::chain, 10);
  }

  /** Ends their threads. */
  @TearDown
  public void stop() {
    temporal.close();
  }

  /** From start to result. */
  @Benchmark
  public String chain() {
    WorkflowOptions options = WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build();
    return temporal.getWorkflowClient().newWorkflowStub(Chain.class, options).run("x");
  }
}
