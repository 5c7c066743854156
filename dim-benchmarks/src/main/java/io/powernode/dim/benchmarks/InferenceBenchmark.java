package io.powernode.dim.benchmarks;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.daemon.PowerNodeBuilder;
import io.powernode.dim.inference.MicroBatching;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelLoader;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A multilayer perceptron 784-256-128-10 on one row, at a node and through an orchestrator. */
@State(Scope.Benchmark)
public class InferenceBenchmark {
  static final int[] WIDTHS = {784, 256, 128, 10};
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Whether requests that wait for the node run together: {@code off} or {@code on}. */
  @Param("off")
  public String batching = "off";

  /** Whether the node runs what it is asked for on the thread that asks. */
  @Param("false")
  public boolean callerRuns;

  private final AtomicLong calls = new AtomicLong();
  private final Tensor row = Tensor.ofFloats(new float[WIDTHS[0]], 1, WIDTHS[0]);
  private Environment environment;
  private PowerNode node;
  private Orchestrator dim;
  private TaskEnvelope envelope;
  private JobSpec job;

  /** Starts a node and an orchestrator with their defaults. */
  @Setup
  public void start() throws IOException {
    Path file = Files.createTempFile("dim-bench", ".onnx");
    ModelDescriptor model = new Mlp(WIDTHS).write(file, "mlp");
    environment = Environment.system();
    PowerNodeBuilder builder = PowerNode.builder("node").loader(loader());
    node = (callerRuns ? builder.callerRuns() : builder).build();
    dim = Dim.orchestrator().node(node).plugin(new OneTask()).build();
    dim.register(model, file);
    Files.delete(file);
    envelope = envelope(model);
    job = JobSpec.of(new OneTask.Spec("mlp")).input("x", row).build();
  }

  private ModelLoader loader() {
    return batching.equals("on")
        ? OnnxLoader.builder().microBatching(MicroBatching.measuredBy(environment)).build()
        : OnnxLoader.create();
  }

  private TaskEnvelope envelope(ModelDescriptor model) {
    return new TaskEnvelope(
        new TaskId("job", "task", 1, Digest.of("x".getBytes(StandardCharsets.UTF_8))),
        1,
        new TaskEnvelope.Requester("local", Optional.empty()),
        new TaskEnvelope.Work.Model(model),
        new TaskInput.Tensors(Map.of("x", row)),
        Optional.empty(),
        Effect.PURE);
  }

  /** Ends the threads. */
  @TearDown
  public void stop() {
    dim.close();
    node.close();
    environment.close();
  }

  /** At the node: execute to answer, and the acknowledgement that an orchestrator sends. */
  @Benchmark
  public TaskResult node() {
    TaskId known = envelope.id();
    TaskId id =
        new TaskId(known.jobId(), "task-" + calls.incrementAndGet(), 1, known.inputDigest());
    TaskEnvelope task =
        new TaskEnvelope(
            id,
            envelope.epoch(),
            envelope.requester(),
            envelope.work(),
            envelope.input(),
            envelope.reduction(),
            envelope.effect());
    TaskResult result = node.execute(task, LIMIT).toCompletableFuture().join();
    node.acknowledge(id);
    return succeeded(result);
  }

  private static TaskResult succeeded(TaskResult result) {
    if (result instanceof TaskResult.Failure failure) {
      throw new IllegalStateException(failure.error().message());
    }
    return result;
  }

  /** Through the orchestrator: submit to result. */
  @Benchmark
  public JobResult job() {
    return dim.run(job, LIMIT);
  }
}
