package io.powernode.dim.testkit;

import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node behind a line that is cut when the process dies. */
final class ProcessNode extends ForwardingNode {
  private final SimulatedProcess process;

  ProcessNode(NodeEndpoint node, SimulatedProcess process) {
    super(node);
    this.process = process;
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    return process.isAlive()
        ? process.heard(super.execute(task, deadline))
        : new CompletableFuture<>();
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    if (process.isAlive()) {
      super.cancel(task, epoch);
    }
  }

  @Override
  public void acknowledge(TaskId task) {
    if (process.isAlive()) {
      super.acknowledge(task);
    }
  }

  @Override
  public void release(String jobId) {
    if (process.isAlive()) {
      super.release(jobId);
    }
  }
}
