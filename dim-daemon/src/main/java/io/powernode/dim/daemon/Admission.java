package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Decides whether a task may run here, before it takes a place in the queue. Immutable. */
final class Admission {
  private final Cabinets cabinets;
  private final ModelCache models;
  private final Map<String, Reduction> reductions;
  private final Actions actions;
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
    this.reductions = parts.reductions();
    this.actions = parts.actions();
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
      return action(action.name(), task);
    }
    ModelDescriptor model = ((TaskEnvelope.Work.Model) task.work()).descriptor();
    requireRunnable(model);
    if (task.input() instanceof TaskInput.Cabinet wanted) {
      return cabinet(model, wanted, task);
    } else if (task.input() instanceof TaskInput.Tensors given) {
      Optional<Reducing> reducing = task.reduction().map(this::reducing);
      return new TensorWork(new ModelRun(models, model), given.tensors(), reducing);
    }
    throw invalid("input: is the output of another task; allowed: tensors or a cabinet");
  }

  private Work action(String name, TaskEnvelope task) {
    actions.require(name);
    if (task.input() instanceof TaskInput.Tensors given) {
      Map<String, Tensor> input = given.tensors();
      String key = task.id().idempotencyKey();
      return cancellation -> ReleaseGate.ofRequest(actions.perform(name, input, key), 0);
    }
    throw invalid("input: is no tensors; allowed: tensors, for an action sees no cabinet");
  }

  private Work cabinet(ModelDescriptor model, TaskInput.Cabinet wanted, TaskEnvelope task) {
    Cabinets.Held held = cabinets.find(wanted);
    ReductionSpec spec =
        task.reduction()
            .orElseThrow(
                () -> invalid("reduction: is missing; allowed: what may leave the cabinet"));
    Reducing reducing = reducing(spec);
    ReleaseGate.Request request =
        new ReleaseGate.Request(
            held.policy(), model.artifact().digest(), task.requester(), reducing);
    ReleaseGate.admit(request);
    ModelRun run = new ModelRun(models, model);
    Supplier<Batches> rows = () -> held.cabinet().read(wanted.timeRange(), batchRows);
    return cancellation -> run.onRows(rows, wanted.parameters(), request, cancellation);
  }

  private Reducing reducing(ReductionSpec spec) {
    Reduction reduction = reductions.get(spec.method());
    if (reduction == null) {
      throw new DimException(
          ErrorCode.UNSUPPORTED_OPTION,
          "reduction: the node has no such method; allowed: " + new TreeSet<>(reductions.keySet()));
    }
    Violations violations = Violations.none().at("reduction");
    reduction.validate(spec.options(), violations);
    violations.throwIfAny();
    return new Reducing(reduction, spec);
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
