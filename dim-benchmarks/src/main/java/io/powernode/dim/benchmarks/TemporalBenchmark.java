package io.powernode.dim.benchmarks;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same three steps with Temporal, on its development server with SQLite; where there is none,
 * on its test server in this process, which keeps everything in memory and loses it.
 */
@State(Scope.Benchmark)
public class TemporalBenchmark {
  /**
   * The system property with the path of the program; empty where there is none. Without it, what
   * is there is used.
   */
  static final String PROGRAM = "dim.bench.temporal";

  private static final String QUEUE = "bench";

  /** More than there are callers, so that nobody waits for a poller. */
  private static final int POLLERS = 32;

  private Optional<TemporalServer> server = Optional.empty();
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

  /** Starts the server and a worker, whose cache of workflows is on unless it is switched off. */
  @Setup
  public void start() {
    server = program().map(TemporalServer::start);
    temporal = TestWorkflowEnvironment.newInstance(options());
    Worker worker =
        temporal.newWorker(
            QUEUE,
            WorkerOptions.newBuilder()
                .setMaxConcurrentWorkflowTaskPollers(POLLERS)
                .setMaxConcurrentActivityTaskPollers(POLLERS)
                .build());
    worker.registerWorkflowImplementationTypes(ChainOfThree.class);
    worker.registerActivitiesImplementations(new Echo());
    temporal.start();
    WarmUp.run(this::chain, 10);
  }

  private static Optional<Path> program() {
    Optional<String> named = Optional.ofNullable(System.getProperty(PROGRAM));
    return named.isPresent()
        ? named.filter(path -> !path.isEmpty()).map(Path::of)
        : TemporalProgram.find();
  }

  private TestEnvironmentOptions options() {
    TestEnvironmentOptions.Builder options = TestEnvironmentOptions.newBuilder();
    server.ifPresent(
        own ->
            options.setUseExternalService(true).setUseTimeskipping(false).setTarget(own.target()));
    return options.build();
  }

  /** Ends their threads and the process. */
  @TearDown
  public void stop() {
    temporal.close();
    server.ifPresent(TemporalServer::close);
  }

  /** From start to result. */
  @Benchmark
  public String chain() {
    WorkflowOptions options =
        WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setDisableEagerExecution(false).build();
    return temporal.getWorkflowClient().newWorkflowStub(Chain.class, options).run("x");
  }
}
