package io.powernode.dim.testkit;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A node that does what another one does: to stand between it and its orchestrator. */
public abstract class ForwardingNode implements NodeEndpoint {
  private final NodeEndpoint node;

  /** In front of this node. */
  protected ForwardingNode(NodeEndpoint node) {
    this.node = node;
  }

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
    return node.execute(task, deadline);
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    node.cancel(task, epoch);
  }

  @Override
  public void acknowledge(TaskId task) {
    node.acknowledge(task);
  }

  @Override
  public void release(String jobId) {
    node.release(jobId);
  }
}
