package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;
import java.util.Optional;

/** Runs steps that are one model or action. Not thread-safe. */
final class TaskRunner {
  private final PipelineState state;
  private final StepInputs inputs;
  private final StepConditions conditions;
  private final KeptInputs kept;

  TaskRunner(PipelineState state, StepInputs inputs, StepConditions conditions) {
    this.state = state;
    this.inputs = inputs;
    this.conditions = conditions;
    this.kept = new KeptInputs(state);
  }

  /**
   * A task that can be sent.
   *
   * @param routing of rows that travel with it
   * @param isOnRows whether it is on rows of the node's own
   */
  private record Ready(Task task, Routing routing, boolean isOnRows) {}

  /** Runs a step's task; answers its error if it failed. */
  Optional<ErrorInfo> run(StepRun run) {
    Optional<Ready> ready;
    try {
      ready = ready(run);
    } catch (DimException unfit) {
      return Optional.of(state.refused(run, unfit.info()));
    }
    return ready.flatMap(task -> run(run, task));
  }

  private Optional<ErrorInfo> run(StepRun run, Ready ready) {
    TaskResult result = sent(run, ready.task());
    Optional<RoutedRows> counts = ready.routing().counts();
    if (result instanceof TaskResult.Success success) {
      if (ready.isOnRows()) {
        result = onRows(run, success);
        counts = success.rows().flatMap(NodeRows::routed);
      } else {
        result = merged(run, ready.routing(), success);
      }
    }
    state.trace().add(run, result, counts);
    return result instanceof TaskResult.Failure failure
        ? Optional.of(failure.error())
        : Optional.empty();
  }

  /** Takes nothing from a node that did something else with the rows than it was asked to. */
  private TaskResult onRows(StepRun run, TaskResult.Success success) {
    boolean stays = state.plan().node(run.step()).isPresent();
    try {
      if (success.handle().isPresent() != stays) {
        throw new DimException(
            ErrorCode.INTERNAL, "the node did not do with the rows what it was asked to");
      }
      state.answered(run, stays ? StepOutput.of(success) : reduced(run, success));
      return success;
    } catch (DimException unfit) {
      return TaskResult.failure(success.nodeId(), unfit.info(), success.durationMs());
    }
  }

  private StepOutput reduced(StepRun run, TaskResult.Success success) {
    ReductionSpec spec = reduction(run.step());
    if (spec.equals(ReductionSpec.none())) {
      return StepOutput.of(success);
    }
    Reduction reduction =
        Plugins.required(state.context().catalog(), Reduction.class, spec.method());
    Partial partial = new Partial(success.outputs(), success.samples());
    Optional<String> problem =
        reduction.rowLevel()
            ? Optional.empty()
            : new ContributionCheck(reduction, run.model().orElseThrow(), spec, Map.of())
                .problem(partial);
    if (problem.isPresent()) {
      throw new DimException(ErrorCode.INVALID_DATA, "the node's answer: " + problem.get());
    }
    return StepOutput.of(reduction.output(partial));
  }

  /** The step's task; empty if no row is to go through it. */
  private Optional<Ready> ready(StepRun run) {
    PipelineStep step = run.step();
    Task task = StepTasks.task(run.key(), step, run.model());
    Optional<String> node = state.plan().place(step);
    if (node.isPresent()) {
      task = task.onNode(node.get()).input(kept.of(run));
    } else if (step.readsCabinet()) {
      task = task.input(TaskInput.Cabinet.named(step.inputSource()));
    } else {
      return onTensors(run, task);
    }
    return Optional.of(new Ready(task.reduce(reduction(step)), Routing.none(), true));
  }

  private ReductionSpec reduction(PipelineStep step) {
    return state.plan().node(step).isPresent()
        ? ReductionSpec.keep()
        : step.reduction().orElse(ReductionSpec.none());
  }

  private Optional<Ready> onTensors(StepRun run, Task task) {
    Map<String, Tensor> data = inputs.of(run.step(), run.model());
    Routing routing = routing(run, data);
    if (routing.isIdle()) {
      passAllBy(run, routing);
      return Optional.empty();
    }
    return Optional.of(new Ready(task.input(routing.select(data, run.model())), routing, false));
  }

  private TaskResult sent(StepRun run, Task task) {
    run.step()
        .rollback()
        .ifPresent(
            rollback -> {
              state.undo().add(run.key(), run.step(), run.attempt());
              Task undo = StepTasks.compensation(run.key(), run.step(), rollback);
              state.context().onRollback(run.key(), undo);
            });
    return state.context().run(task);
  }

  private Routing routing(StepRun run, Map<String, Tensor> data) {
    PipelineStep step = run.step();
    return step.rows().isEmpty()
        ? Routing.none()
        : new Routing(
            conditions.route(step, Routing.rows(data, run.model())),
            PassBy.of(step, inputs.source(step), state.outputs()));
  }

  /** Takes an answer for later steps to read; a failure if it cannot be told what it is about. */
  private TaskResult merged(StepRun run, Routing routing, TaskResult.Success success) {
    try {
      Map<String, Tensor> answer = success.outputs();
      state.answered(run, StepOutput.of(run.model().isPresent() ? routing.merge(answer) : answer));
      return success;
    } catch (DimException unfit) {
      return TaskResult.failure(success.nodeId(), unfit.info(), success.durationMs());
    }
  }

  /** An action that no row goes to has no answer, and a model that of rows that pass it by. */
  private void passAllBy(StepRun run, Routing routing) {
    run.model()
        .ifPresent(
            model ->
                state.answered(run, StepOutput.of(routing.passing(model.signature().outputs()))));
    state.trace().addSkipped(run, routing.counts());
  }
}
