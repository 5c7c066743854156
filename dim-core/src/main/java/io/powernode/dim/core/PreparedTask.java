package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.Task.Placement;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A task that is ready to be sent.
 *
 * @param key its full step name
 * @param request digest of what is asked for: the input's part of the step's identity
 * @param task with its input resolved
 * @param work with its model as pinned
 * @param owner for whom, and under which epoch
 */
record PreparedTask(String key, Digest request, Task task, TaskEnvelope.Work work, Owner owner) {

  /** Failures after which nobody knows whether an effect took place. */
  private static final Set<ErrorCode> UNCERTAIN =
      EnumSet.of(
          ErrorCode.NODE_LOST, ErrorCode.TASK_TIMEOUT, ErrorCode.CANCELLED, ErrorCode.INTERNAL);

  /** For whom a job runs, and the fencing token. */
  record Owner(String jobId, long epoch, TaskEnvelope.Requester requester) {}

  static PreparedTask of(String key, Task task, TaskEnvelope.Work work, Owner owner) {
    return new PreparedTask(key, request(task), task, work, owner);
  }

  boolean isEffectful() {
    return task.effect() == Effect.EFFECTFUL;
  }

  /** Whether its rows are to stay on the node. */
  boolean keepsRows() {
    return task.reduction().filter(ReductionSpec::keeps).isPresent();
  }

  /** Whether an attempt that ended so had its effect, or may have had it. */
  boolean mayHaveActed(TaskResult result) {
    return isEffectful()
        && !(result instanceof TaskResult.Failure failure
            && !UNCERTAIN.contains(failure.error().code()));
  }

  /** The same, said to be the undoing of a step, whose effect must not come after it. */
  PreparedTask undoing(String step) {
    return work instanceof TaskEnvelope.Work.Action action
        ? new PreparedTask(
            key,
            request,
            task,
            new TaskEnvelope.Work.Action(action.name(), Optional.of(step)),
            owner)
        : this;
  }

  TaskEnvelope envelope(int attempt) {
    return new TaskEnvelope(
        id(attempt),
        owner.epoch,
        owner.requester,
        work,
        task.input(),
        task.reduction(),
        task.effect());
  }

  TaskId id(int attempt) {
    return new TaskId(owner.jobId, key, attempt, request);
  }

  private static Digest request(Task task) {
    String asked =
        String.join(
            "\n",
            words(task.work()),
            words(task.placement()),
            input(task.input()),
            task.reduction().map(Object::toString).orElse(""),
            task.effect().name());
    return Digest.of(asked.getBytes(StandardCharsets.UTF_8));
  }

  /** A tensor's own text does not tell its elements. */
  private static String input(TaskInput input) {
    if (input instanceof TaskInput.Tensors given) {
      return TensorDigest.of(given.tensors()).value();
    }
    if (input instanceof TaskInput.Cabinet rows) {
      return rows + TensorDigest.of(rows.parameters()).value();
    }
    return input instanceof TaskInput.Kept kept && kept.division().isPresent()
        ? kept + TensorDigest.of(kept.division().get().otherwise()).value()
        : input.toString();
  }

  private static String words(Task.Work work) {
    return work instanceof Task.Work.Model model ? "model " + model.id() : work.toString();
  }

  /** Of what is asked for most without {@link Record#toString}, which takes a microsecond. */
  private static String words(Placement placement) {
    if (placement instanceof Placement.OnNode pinned) {
      return "on " + pinned.nodeId();
    }
    NodeRequirements needs = ((Placement.Anywhere) placement).requirements();
    return needs
        .model()
        .filter(m -> needs.equals(NodeRequirements.any().forModel(m.id(), m.format())))
        .map(m -> "anywhere " + m.format() + " " + m.id())
        .orElseGet(needs::toString);
  }
}
