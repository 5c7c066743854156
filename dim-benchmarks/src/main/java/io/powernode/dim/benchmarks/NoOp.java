package io.powernode.dim.benchmarks;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Work that costs nothing: what is left is what orchestrating it costs. */
final class NoOp {
  private static final String FORMAT = "no-op";

  /** What goes in and comes out everywhere, under its own name. */
  static final Tensor X = Tensor.ofFloats(new float[] {0.25f}, 1, 1);

  private static final byte[] FILE = "nothing".getBytes(StandardCharsets.UTF_8);

  private NoOp() {}

  /** Makes models known that do nothing. */
  static void register(Orchestrator dim, String... ids) throws IOException {
    Path file = Files.write(Files.createTempFile("dim-bench", ".model"), FILE);
    for (String id : ids) {
      dim.register(descriptor(id), file);
    }
    Files.delete(file);
  }

  private static ModelDescriptor descriptor(String id) {
    TensorSpec x = TensorSpec.of("x", DataType.FP32, -1, 1);
    return ModelDescriptor.of(
            id,
            new ModelArtifact(FORMAT, Digest.of(FILE), FILE.length, List.of()),
            new Signature(List.of(x), List.of(x)))
        .withLabels(List.of("no", "yes"));
  }

  /** Loads models that answer their input. */
  static final class Loader implements ModelLoader {
    @Override
    public Set<String> formats() {
      return Set.of(FORMAT);
    }

    @Override
    public Model load(ModelDescriptor model, ModelFiles files, LoadOptions options) {
      return new Echo(model.signature());
    }
  }

  private record Echo(Signature signature) implements Model {
    @Override
    public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
      return inputs;
    }

    @Override
    public void close() {}
  }

  /** Answers at once, on the thread that asks: no queue, no policy, no digest of the answer. */
  static class Node implements NodeEndpoint {
    private final String id;
    private final CompletionStage<TaskResult> answer;

    Node(String id) {
      this.id = id;
      this.answer = CompletableFuture.completedStage(TaskResult.success(id, Map.of("x", X), 1, 0));
    }

    @Override
    public NodeProfile profile() {
      return new NodeProfile(
          id,
          "node",
          Optional.empty(),
          List.of(),
          Set.of(FORMAT),
          Set.of(),
          new NodeProfile.Capacity(1, 0, Optional.empty()));
    }

    @Override
    public NodeLoad load() {
      return NodeLoad.idle();
    }

    @Override
    public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      return answer;
    }

    @Override
    public void cancel(TaskId task, long epoch) {}

    @Override
    public void acknowledge(TaskId task) {}
  }

  /** Never answers. */
  static final class Silent extends Node {
    Silent(String id) {
      super(id);
    }

    @Override
    public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      return new CompletableFuture<>();
    }
  }
}
