package io.powernode.dim.testkit;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Breaks the contract of a node: throws, or completes exceptionally. */
record FaultyNode(String id, Function<RuntimeException, CompletionStage<TaskResult>> fault)
    implements NodeEndpoint {

  static CompletionStage<TaskResult> throwing(RuntimeException defect) {
    throw defect;
  }

  @Override
  public NodeProfile profile() {
    return FakeProfile.of(id).build();
  }

  @Override
  public NodeLoad load() {
    return NodeLoad.idle();
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    return fault.apply(new IllegalStateException("a defect of the node"));
  }

  @Override
  public void cancel(TaskId task, long epoch) {}

  @Override
  public void acknowledge(TaskId task) {}
}
