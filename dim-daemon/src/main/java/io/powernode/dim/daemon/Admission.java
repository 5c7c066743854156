package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.daemon.ReleaseGate.Request;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Decides whether a task may run here, before it takes a place in the queue. Immutable. */
final class Admission {
  private final Cabinets cabinets;
  private final ModelCache models;
  private final NodePlugins plugins;
  private final KeptRows kept;
  private final Optional<Set<Digest>> allowedModels;
  private final int batchRows;

  /**
   * An admission to a node of these parts.
   *
   * @param allowedModels the only models that may run here; any if empty
   * @param batchRows the most rows of a cabinet that the model sees at once
   */
  Admission(NodeParts parts, Optional<Set<Digest>> allowedModels, int batchRows) {
    this.cabinets = parts.cabinets();
    this.models = parts.models();
    this.plugins = parts.plugins();
    this.kept = parts.kept();
    this.allowedModels = allowedModels;
    this.batchRows = batchRows;
  }

  /** What an admitted task does, on a thread of its own. */
  @FunctionalInterface
  interface Work {
    /** Does it. */
    Release run(Cancellation cancellation);
  }

  /**
   * The work of a task.
   *
   * @throws DimException if the task may not run here, or could not
   */
  Work admit(TaskEnvelope task) {
    if (task.work() instanceof TaskEnvelope.Work.Action action) {
      return action(action, task);
    } else if (task.work() instanceof TaskEnvelope.Work.Test test) {
      return condition(test.condition(), task);
    }
    ModelDescriptor model = ((TaskEnvelope.Work.Model) task.work()).descriptor();
    requireRunnable(model);
    if (task.input() instanceof TaskInput.Cabinet wanted) {
      return onCabinet(model, wanted, task);
    } else if (task.input() instanceof TaskInput.Kept wanted) {
      return onKept(model, wanted, task);
    } else if (task.input() instanceof TaskInput.Tensors given) {
      Optional<Reducing> reducing = task.reduction().map(plugins::reducing);
      return new TensorWork(new ModelRun(models, model), given.tensors(), reducing);
    }
    throw invalid("input: is the output of another task; allowed: tensors, a cabinet or kept rows");
  }

  private Work action(TaskEnvelope.Work.Action action, TaskEnvelope task) {
    plugins.actions().require(action.name());
    if (task.input() instanceof TaskInput.Tensors given) {
      Map<String, Tensor> input = given.tensors();
      return cancellation ->
          ReleaseGate.ofRequest(plugins.actions().perform(action, input, task.id()), 0);
    }
    throw invalid("input: is no tensors; allowed: tensors, for an action sees no rows of the node");
  }

  private Work onCabinet(ModelDescriptor model, TaskInput.Cabinet wanted, TaskEnvelope task) {
    Cabinets.Held held = cabinets.find(wanted);
    return rows(
        model,
        () -> OpenRows.of(held.cabinet().read(wanted.timeRange(), batchRows), wanted.parameters()),
        request(Set.of(held.policy()), Optional.of(model), task, false),
        task);
  }

  private Work onKept(ModelDescriptor model, TaskInput.Kept wanted, TaskEnvelope task) {
    KeptInput rows = kept(wanted, task);
    rows.division().ifPresent(d -> plugins.language(d.asked().condition().language()));
    return rows(
        model,
        () -> rows.open(condition -> plugins.language(condition.language())),
        request(rows.owners(), Optional.of(model), task, rows.division().isPresent()),
        task);
  }

  private Work rows(
      ModelDescriptor model, Supplier<OpenRows> source, Request request, TaskEnvelope task) {
    return new RowWork(new ModelRun(models, model), source, request, kept, task.id().jobId());
  }

  private Work condition(Condition condition, TaskEnvelope task) {
    if (task.input() instanceof TaskInput.Kept wanted && wanted.division().isEmpty()) {
      KeptInput rows = kept(wanted, task);
      Request request = request(rows.owners(), Optional.empty(), task, true);
      return new ConditionWork(
          plugins.language(condition.language()), condition.text(), rows, request);
    }
    throw invalid("input: is no rows that stay; allowed: those, undivided");
  }

  private KeptInput kept(TaskInput.Kept wanted, TaskEnvelope task) {
    return KeptInput.of(wanted, handle -> kept.find(task.id().jobId(), handle));
  }

  private Request request(
      Set<CabinetPolicy> owners,
      Optional<ModelDescriptor> model,
      TaskEnvelope task,
      boolean hasCondition) {
    boolean reduces =
        model.isPresent() && !task.reduction().orElseThrow(Admission::unreduced).keeps();
    Request request =
        new Request(
            owners,
            model.map(m -> m.artifact().digest()),
            task.requester(),
            reduces ? task.reduction().map(plugins::reducing) : Optional.empty(),
            hasCondition);
    ReleaseGate.admit(request);
    return request;
  }

  private static DimException unreduced() {
    return invalid("reduction: is missing; allowed: what may leave the cabinet");
  }

  private void requireRunnable(ModelDescriptor model) {
    if (allowedModels.isPresent() && !allowedModels.get().contains(model.artifact().digest())) {
      throw new DimException(ErrorCode.POLICY_DENIED, "the node's owner does not allow the model");
    }
    if (!model.inProcess()) {
      throw new DimException(
          ErrorCode.MODEL_UNSUPPORTED,
          "the model may not run inside the node's process, and the node has no other place for it");
    }
    models.requireFormat(model.artifact().format());
  }

  private static DimException invalid(String message) {
    return new DimException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
