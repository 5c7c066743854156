package io.powernode.dim.testkit;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node behind a line that is cut when the process dies. */
record ProcessNode(NodeEndpoint node, SimulatedProcess process) implements NodeEndpoint {

  @Override
  public NodeProfile profile() {
    return node.profile();
  }

  @Override
  public NodeLoad load() {
    return node.load();
  }

  @Override
  public void attach(BlobSource models) {
    node.attach(models);
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    CompletableFuture<TaskResult> heard = new CompletableFuture<>();
    if (process.isAlive()) {
      node.execute(task, deadline)
          .thenAccept(
              result -> {
                if (process.isAlive()) {
                  heard.complete(result);
                }
              });
    }
    return heard;
  }

  @Override
  public void cancel(TaskId task) {
    if (process.isAlive()) {
      node.cancel(task);
    }
  }

  @Override
  public void acknowledge(TaskId task) {
    if (process.isAlive()) {
      node.acknowledge(task);
    }
  }
}
