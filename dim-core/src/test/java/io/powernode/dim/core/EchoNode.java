package io.powernode.dim.core;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A node that answers its input, or what a test wants. */
final class EchoNode implements NodeEndpoint {
  final List<TaskEnvelope> calls = new CopyOnWriteArrayList<>();
  final List<TaskId> cancelled = new CopyOnWriteArrayList<>();
  final List<TaskId> acknowledged = new CopyOnWriteArrayList<>();
  final List<String> released = new CopyOnWriteArrayList<>();
  List<CabinetDescriptor> dataSets = List.of();
  private final String id;
  private final Function<TaskEnvelope, CompletionStage<TaskResult>> behaviour;

  EchoNode(String id) {
    this(id, call -> CompletableFuture.completedFuture(echo(id, call)));
  }

  EchoNode(String id, Function<TaskEnvelope, CompletionStage<TaskResult>> behaviour) {
    this.id = id;
    this.behaviour = behaviour;
  }

  static TaskResult echo(String id, TaskEnvelope call) {
    return TaskResult.success(id, ((TaskInput.Tensors) call.input()).tensors(), 1, 1);
  }

  static TaskResult failure(String id, DimException why) {
    return TaskResult.failure(id, why.info(), 1);
  }

  @Override
  public NodeProfile profile() {
    return new NodeProfile(
        id,
        "test",
        Optional.empty(),
        dataSets,
        Set.of("onnx"),
        Set.of("book", "unbook"),
        new NodeProfile.Capacity(1, 0, Optional.empty()));
  }

  @Override
  public NodeLoad load() {
    return NodeLoad.idle();
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    calls.add(task);
    return behaviour.apply(task);
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    cancelled.add(task);
  }

  @Override
  public void acknowledge(TaskId task) {
    acknowledged.add(task);
  }

  @Override
  public void release(String jobId) {
    released.add(jobId);
  }
}
