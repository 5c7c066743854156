package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import java.util.Optional;

/** The tasks of a pipeline's steps. */
final class StepTasks {
  private StepTasks() {}

  /**
   * The task of a step, without what it works on.
   *
   * @param model that runs; empty for an action
   */
  static Task task(String key, PipelineStep step, Optional<ModelDescriptor> model) {
    Task task =
        model
            .map(m -> Task.model(key, m.id()).anywhere(anyFor(m)))
            .orElseGet(() -> Task.action(key, step.action().orElseThrow()));
    return limited(step.nodeId().isPresent() ? task.onNode(step.nodeId().get()) : task, step);
  }

  /** The same task within the limits of its step. */
  static Task limited(Task task, PipelineStep step) {
    Task timed = step.timeout().isPresent() ? task.timeout(step.timeout().get()) : task;
    return step.retries().isPresent() ? timed.retries(step.retries().get()) : timed;
  }

  /** How to undo the task {@code key} of a step, on the step's own node unless another is given. */
  static Task compensation(String key, PipelineStep step, Rollback rollback) {
    String own = key + "/undo";
    Task task =
        rollback
            .action()
            .map(action -> Task.action(own, action))
            .orElseGet(() -> Task.model(own, rollback.modelId().orElseThrow()));
    return task.onNode(rollback.nodeId().or(step::nodeId).orElseThrow())
        .input(new TaskInput.OutputOf(key));
  }

  private static NodeRequirements anyFor(ModelDescriptor model) {
    return NodeRequirements.any().forModel(model.id(), model.artifact().format());
  }
}
