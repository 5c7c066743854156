package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tasks as an orchestrator would send them. */
final class Tasks {
  static final Duration DEADLINE = Duration.ofMinutes(1);
  static final Requester ALICE = new Requester("alice", Optional.of("research"));

  private Tasks() {}

  static TaskEnvelope onCabinet(String job, ModelDescriptor model, String cabinet, String reduce) {
    return new TaskEnvelope(
        id(job),
        1,
        ALICE,
        new TaskEnvelope.Work.Model(model),
        TaskInput.Cabinet.named(cabinet),
        Optional.of(ReductionSpec.of(reduce)),
        Effect.PURE);
  }

  static TaskEnvelope onTensors(String job, ModelDescriptor model, Map<String, Tensor> tensors) {
    return new TaskEnvelope(
        id(job),
        1,
        ALICE,
        new TaskEnvelope.Work.Model(model),
        new TaskInput.Tensors(tensors),
        Optional.empty(),
        Effect.PURE);
  }

  static TaskEnvelope action(String job, String action) {
    return new TaskEnvelope(
        id(job),
        1,
        ALICE,
        new TaskEnvelope.Work.Action(action),
        new TaskInput.Tensors(Map.of()),
        Optional.empty(),
        Effect.EFFECTFUL);
  }

  static TaskEnvelope from(Requester requester, TaskEnvelope task) {
    return new TaskEnvelope(
        task.id(),
        task.epoch(),
        requester,
        task.work(),
        task.input(),
        task.reduction(),
        task.effect());
  }

  static TaskEnvelope atEpoch(long epoch, TaskEnvelope task) {
    return new TaskEnvelope(
        task.id(),
        epoch,
        task.requester(),
        task.work(),
        task.input(),
        task.reduction(),
        task.effect());
  }

  static TaskId id(String job) {
    return new TaskId(job, "step", 1, Digest.of(new byte[0]));
  }

  static TaskResult run(NodeEndpoint node, TaskEnvelope task) {
    return await(node.execute(task, DEADLINE));
  }

  static TaskResult.Success success(NodeEndpoint node, TaskEnvelope task) {
    TaskResult result = run(node, task);
    assertThat(result).isInstanceOf(TaskResult.Success.class);
    return (TaskResult.Success) result;
  }

  static ErrorInfo error(NodeEndpoint node, TaskEnvelope task) {
    return error(run(node, task));
  }

  static ErrorInfo error(TaskResult result) {
    assertThat(result).isInstanceOf(TaskResult.Failure.class);
    return ((TaskResult.Failure) result).error();
  }

  static TaskResult await(CompletionStage<TaskResult> answer) {
    try {
      return answer.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the node did not answer", e);
    }
  }
}
