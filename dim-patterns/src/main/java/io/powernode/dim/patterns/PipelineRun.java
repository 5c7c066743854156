package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One job's way through its pipeline. Not thread-safe. */
final class PipelineRun {
  private final ChainedSpec spec;
  private final PatternContext context;
  private final Map<Integer, StepOutput> outputs = new HashMap<>();
  private final StepSources sources;
  private final StepInputs inputs;
  private final StepConditions conditions;
  private final PipelineTrace trace = new PipelineTrace();
  private final Map<String, Undoing> undoable = new HashMap<>();
  private int attempt;

  /** A step that can be undone, and the attempt that it was part of. */
  private record Undoing(PipelineStep step, int attempt) {}

  PipelineRun(ChainedSpec spec, PatternContext context) {
    this.spec = spec;
    this.context = context;
    this.sources = new StepSources(context.catalog());
    this.inputs = new StepInputs(spec.pipeline(), context.inputData(), outputs);
    this.conditions = new StepConditions(spec.pipeline(), sources, outputs);
  }

  /** Runs the steps from number {@code first} on as a new attempt. */
  PipelineEnd attempt(int first) {
    attempt++;
    outputs.keySet().removeIf(step -> step >= first);
    int total = spec.pipeline().size();
    for (PipelineStep step : spec.pipeline().subList(first - 1, total)) {
      context.progress(step.step() - 1, total);
      Optional<PipelineEnd> end = run(step);
      if (end.isPresent()) {
        return end.get();
      }
    }
    context.progress(total, total);
    return new PipelineEnd.Answered();
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
      String key = keyOf(outcome);
      Undoing undoing = Lookup.in(undoable, key);
      String name = undoing.step().name() + partOf(outcome, key);
      trace.addRollback(undoing.step(), name, undoing.attempt(), outcome);
    }
    return outcomes;
  }

  /** What a compensation was to undo, as people know it. */
  String undone(RollbackOutcome outcome) {
    String key = keyOf(outcome);
    return StepInputs.label(Lookup.in(undoable, key).step()) + partOf(outcome, key);
  }

  /** The key of the step that a compensation undoes, or a part of. */
  private String keyOf(RollbackOutcome outcome) {
    String key = outcome.undoes();
    while (!undoable.containsKey(key) && key.contains("/")) {
      key = key.substring(0, key.lastIndexOf('/'));
    }
    return key;
  }

  private static String partOf(RollbackOutcome outcome, String key) {
    return outcome.undoes().equals(key) ? "" : ", " + outcome.undoes().substring(key.length() + 1);
  }

  /** Everything that ended so far, in that order. */
  List<TraceStep> trace() {
    return trace.steps();
  }

  /** What the last step that was not skipped answered. */
  JobOutput answer() {
    return Lookup.in(outputs, Collections.max(outputs.keySet())).answer();
  }

  /** Why the pipeline cannot go on after the step, if so. */
  private Optional<PipelineEnd> run(PipelineStep step) {
    try {
      if (!conditions.hold(step)) {
        trace.addSkipped(step, work(step, step.modelId()), attempt);
        return Optional.empty();
      }
    } catch (DimException unfit) {
      return Optional.of(failed(step, unfit(step, step.modelId(), unfit.info())));
    }
    String key = "a" + attempt + "/s" + step.step();
    if (step.block().isPresent()) {
      return runBlock(key, step, step.block().get());
    }
    Optional<ErrorInfo> error = run(key, step, step.modelId());
    if (error.isPresent() && step.fallbackModelId().isPresent()) {
      error = run(key + "/fallback", step, step.fallbackModelId());
    }
    return error.map(why -> failed(step, why));
  }

  private Optional<PipelineEnd> runBlock(String key, PipelineStep step, PatternSpec block) {
    Map<String, Tensor> data = new LinkedHashMap<>();
    if (sources.readsSource(step)) {
      try {
        data.putAll(inputs.of(step, Optional.empty()));
      } catch (DimException unfit) {
        return Optional.of(failed(step, unfit(step, Optional.empty(), unfit.info())));
      }
      data.remove(RowPartials.ROW_IDS);
    }
    undoable.put(key, new Undoing(step, attempt));
    BlockOutcome outcome = context.child(key, new Block(block, data, step.timeout()));
    if (outcome.result() instanceof PatternResult.AwaitingReview) {
      return Optional.of(new PipelineEnd.Waiting());
    }
    if (outcome.result() instanceof PatternResult.Failed failure) {
      trace.addBlock(step, attempt, outcome.durationMs(), failure);
      return Optional.of(failed(step, failure.error()));
    }
    PatternResult.Completed completed = (PatternResult.Completed) outcome.result();
    StepOutput output = StepOutput.ofBlock(completed.output());
    trace.addBlock(step, attempt, outcome.durationMs(), completed, output);
    outputs.put(step.step(), output);
    return Optional.empty();
  }

  private static PipelineEnd failed(PipelineStep step, ErrorInfo error) {
    return new PipelineEnd.Failed(step, error);
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
      outputs.put(step.step(), StepOutput.of(success.outputs()));
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
    return modelId.or(step::action).or(() -> step.block().map(PatternSpec::pattern)).orElseThrow();
  }

  /** Whether an exception of the context means that the job is to end. */
  static boolean endsJob(DimException stop) {
    return stop.code() == ErrorCode.CANCELLED || stop.code() == ErrorCode.JOB_TIMEOUT;
  }
}
