package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One job's way through its pipeline. Not thread-safe. */
final class PipelineRun {
  private final ChainedSpec spec;
  private final PatternContext context;
  private final Map<Integer, Map<String, Tensor>> outputs = new HashMap<>();
  private final StepInputs inputs;
  private final StepConditions conditions;
  private final PipelineTrace trace = new PipelineTrace();
  private final Map<String, Undoing> undoable = new HashMap<>();
  private int attempt;

  /** A step that can be undone, and the attempt that it was part of. */
  private record Undoing(PipelineStep step, int attempt) {}

  /** Why an attempt ended early. */
  record Failure(PipelineStep step, ErrorInfo error) {}

  PipelineRun(ChainedSpec spec, PatternContext context) {
    this.spec = spec;
    this.context = context;
    this.inputs = new StepInputs(spec.pipeline(), context.inputData(), outputs);
    this.conditions = new StepConditions(spec.pipeline(), outputs);
  }

  /**
   * Runs the steps from number {@code first} on as a new attempt; empty if each answered or was
   * skipped.
   */
  Optional<Failure> attempt(int first) {
    attempt++;
    outputs.keySet().removeIf(step -> step >= first);
    int total = spec.pipeline().size();
    for (PipelineStep step : spec.pipeline().subList(first - 1, total)) {
      context.progress(step.step() - 1, total);
      Optional<ErrorInfo> error = run(step);
      if (error.isPresent()) {
        return Optional.of(new Failure(step, error.get()));
      }
    }
    context.progress(total, total);
    return Optional.empty();
  }

  /**
   * Undoes what the steps from number {@code first} on did, in this attempt and, for an earlier
   * step that kept its answer until now, in the one that it was part of.
   */
  List<RollbackOutcome> rollBack(int first) {
    Set<String> undoes = new HashSet<>();
    undoable.forEach(
        (key, undoing) -> {
          if (undoing.step().step() >= first) {
            undoes.add(key);
          }
        });
    List<RollbackOutcome> outcomes =
        context.rollback(
            "a" + attempt + "/rollback-from-" + first,
            undoes,
            spec.errorHandling().rollbackTimeout());
    for (RollbackOutcome outcome : outcomes) {
      Undoing undoing = Lookup.in(undoable, outcome.undoes());
      trace.addRollback(undoing.step(), undoing.attempt(), outcome.result());
    }
    return outcomes;
  }

  /** The step that a compensation was to undo. */
  PipelineStep undone(RollbackOutcome outcome) {
    return Lookup.in(undoable, outcome.undoes()).step();
  }

  /** Everything that ended so far, in that order. */
  List<TraceStep> trace() {
    return trace.steps();
  }

  /** What the last step that was not skipped answered. */
  Map<String, Tensor> output() {
    return Lookup.in(outputs, Collections.max(outputs.keySet()));
  }

  /** The step's model, then its fallback, if it has one; neither if the step is to be skipped. */
  private Optional<ErrorInfo> run(PipelineStep step) {
    try {
      if (!conditions.hold(step)) {
        trace.addSkipped(step, work(step, step.modelId()), attempt);
        return Optional.empty();
      }
    } catch (DimException unfit) {
      return Optional.of(unfit(step, step.modelId(), unfit.info()));
    }
    String key = "a" + attempt + "/s" + step.step();
    Optional<ErrorInfo> error = run(key, step, step.modelId());
    return error.isPresent() && step.fallbackModelId().isPresent()
        ? run(key + "/fallback", step, step.fallbackModelId())
        : error;
  }

  private Optional<ErrorInfo> run(String key, PipelineStep step, Optional<String> modelId) {
    Optional<ModelDescriptor> model = modelId.map(id -> Plugins.model(context.catalog(), id));
    Task task = StepTasks.task(key, step, model);
    if (!step.readsCabinet()) {
      try {
        task = task.input(new TaskInput.Tensors(inputs.of(step, model)));
      } catch (DimException unfit) {
        return Optional.of(unfit(step, modelId, unfit.info()));
      }
    }
    step.rollback()
        .ifPresent(
            rollback -> {
              undoable.put(key, new Undoing(step, attempt));
              context.onRollback(key, StepTasks.compensation(key, step, rollback));
            });
    TaskResult result = context.run(task);
    trace.add(step, work(step, modelId), attempt, result);
    if (result instanceof TaskResult.Success success) {
      outputs.put(step.step(), success.outputs());
      return Optional.empty();
    }
    return Optional.of(((TaskResult.Failure) result).error());
  }

  /** Notes that a step failed before it reached a node. */
  private ErrorInfo unfit(PipelineStep step, Optional<String> modelId, ErrorInfo error) {
    trace.add(step, work(step, modelId), attempt, TaskResult.failure("", error, 0));
    return error;
  }

  private static String work(PipelineStep step, Optional<String> modelId) {
    return modelId.or(step::action).orElseThrow();
  }

  /** Whether an exception of the context means that the job is to end. */
  static boolean endsJob(DimException stop) {
    return stop.code() == ErrorCode.CANCELLED || stop.code() == ErrorCode.JOB_TIMEOUT;
  }
}
