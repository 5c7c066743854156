package io.powernode.dim.benchmarks;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.NodeListener;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Many nodes that can be chosen but not reached: half of them hold medical data, of 50 to 500 rows,
 * the others images; one of a hundred has the model {@code m} warm.
 *
 * @param count how many
 */
record CrowdedNetwork(int count) implements NodeTransport {
  static final String MEDICAL = "medical";
  static final String FORMAT = "onnx";

  @Override
  public Subscription connect(NodeListener listener, BlobSource models) {
    SplittableRandom random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      Set<String> warm = random.nextInt(100) == 0 ? Set.of("m") : Set.of();
      NodeLoad load = new NodeLoad(random.nextInt(5), 0, 4, random.nextDouble(), warm);
      listener.joined(profile(i, random.nextInt(50, 501)), load);
    }
    return () -> {};
  }

  private static NodeProfile profile(int number, long rows) {
    String kind = number % 2 == 0 ? MEDICAL : "images";
    CabinetDescriptor cabinet =
        new CabinetDescriptor(
            "cabinet",
            kind,
            rows,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Digest.of(kind.getBytes(StandardCharsets.UTF_8)));
    return new NodeProfile(
        "node-" + number,
        "node",
        Optional.empty(),
        List.of(cabinet),
        Set.of(FORMAT),
        Set.of(),
        new NodeProfile.Capacity(4, 0, Optional.empty()));
  }

  @Override
  public CompletionStage<TaskResult> call(String node, TaskEnvelope task, Duration deadline) {
    ErrorInfo gone = ErrorInfo.of(ErrorCode.NODE_LOST, "the node cannot be reached");
    return CompletableFuture.completedStage(TaskResult.failure(node, gone, 0));
  }

  @Override
  public void cancel(String node, TaskId task, long epoch) {}

  @Override
  public void acknowledge(String node, TaskId task) {}

  @Override
  public void release(String node, String jobId) {}

  @Override
  public void close() {}
}
