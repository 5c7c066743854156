package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Runs single steps of a pipeline. Not thread-safe. */
final class StepRunner {
  private final PatternContext context;
  private final Map<Integer, StepOutput> outputs;
  private final StepSources sources;
  private final StepInputs inputs;
  private final StepConditions conditions;
  private final PipelineTrace trace;
  private final PipelineUndo undo;

  /**
   * A runner.
   *
   * @param outputs what steps answered by number, to read and to add to
   */
  StepRunner(
      ChainedSpec spec,
      PatternContext context,
      Map<Integer, StepOutput> outputs,
      PipelineTrace trace,
      PipelineUndo undo) {
    this.context = context;
    this.outputs = outputs;
    this.sources = new StepSources(context.catalog());
    this.inputs = new StepInputs(spec.pipeline(), context.inputData(), outputs);
    this.conditions = new StepConditions(spec.pipeline(), sources, outputs);
    this.trace = trace;
    this.undo = undo;
  }

  /** Runs a step; answers why the pipeline cannot go on after it, if so. */
  Optional<PipelineEnd> run(PipelineStep step, int attempt) {
    String key = "a" + attempt + "/s" + step.step();
    StepRun run = new StepRun(step, attempt, key, model(step.modelId()));
    try {
      if (!conditions.hold(step)) {
        trace.addSkipped(run, Optional.empty());
        return Optional.empty();
      }
    } catch (DimException unfit) {
      return Optional.of(failed(run, refused(run, unfit)));
    }
    if (step.block().isPresent()) {
      return runBlock(run, step.block().get());
    }
    Optional<ErrorInfo> error = runTask(run);
    if (error.isPresent() && step.fallbackModelId().isPresent()) {
      error = runTask(new StepRun(step, attempt, key + "/fallback", model(step.fallbackModelId())));
    }
    return error.map(why -> failed(run, why));
  }

  private Optional<ModelDescriptor> model(Optional<String> id) {
    return id.map(model -> Plugins.model(context.catalog(), model));
  }

  private Optional<ErrorInfo> runTask(StepRun run) {
    PipelineStep step = run.step();
    Task task = StepTasks.task(run.key(), step, run.model());
    Routing routing = Routing.none();
    if (!step.readsCabinet()) {
      try {
        Map<String, Tensor> data = inputs.of(step, run.model());
        routing = routing(run, data);
        if (routing.isIdle()) {
          passAllBy(run, routing);
          return Optional.empty();
        }
        task = task.input(new TaskInput.Tensors(routing.select(data, run.model())));
      } catch (DimException unfit) {
        return Optional.of(refused(run, unfit));
      }
    }
    step.rollback()
        .ifPresent(
            rollback -> {
              undo.add(run.key(), step, run.attempt());
              context.onRollback(run.key(), StepTasks.compensation(run.key(), step, rollback));
            });
    TaskResult result = kept(run, routing, context.run(task));
    trace.add(run, result, routing.counts());
    return result instanceof TaskResult.Failure failure
        ? Optional.of(failure.error())
        : Optional.empty();
  }

  private Routing routing(StepRun run, Map<String, Tensor> data) {
    PipelineStep step = run.step();
    return step.rows().isEmpty()
        ? Routing.none()
        : new Routing(
            conditions.route(step, Routing.rows(data, run.model())),
            PassBy.of(step, inputs.source(step), outputs));
  }

  /** Takes an answer for later steps to read; a failure if it cannot be told what it is about. */
  private TaskResult kept(StepRun run, Routing routing, TaskResult result) {
    if (result instanceof TaskResult.Success success) {
      try {
        outputs.put(
            run.step().step(),
            StepOutput.of(
                run.model().isPresent() ? routing.merge(success.outputs()) : success.outputs()));
      } catch (DimException unfit) {
        return TaskResult.failure(success.nodeId(), unfit.info(), success.durationMs());
      }
    }
    return result;
  }

  /** An action that no row goes to has no answer, and a model that of rows that pass it by. */
  private void passAllBy(StepRun run, Routing routing) {
    run.model()
        .ifPresent(
            model ->
                outputs.put(
                    run.step().step(),
                    StepOutput.of(routing.passing(model.signature().outputs()))));
    trace.addSkipped(run, routing.counts());
  }

  private Optional<PipelineEnd> runBlock(StepRun run, PatternSpec block) {
    PipelineStep step = run.step();
    Map<String, Tensor> data = new LinkedHashMap<>();
    Routing routing = Routing.none();
    try {
      if (sources.readsSource(step)) {
        data.putAll(inputs.of(step, Optional.empty()));
      }
      if (step.rows().isPresent()) {
        routing = routeVote(run, data);
      }
      if (routing.isIdle()) {
        outputs.put(step.step(), StepOutput.of(routing.passing(BlockTensors.OF_DECISIONS)));
        trace.addSkipped(run, routing.counts());
        return Optional.empty();
      }
    } catch (DimException unfit) {
      return Optional.of(failed(run, refused(run, unfit)));
    }
    undo.add(run.key(), step, run.attempt());
    BlockOutcome outcome =
        context.child(
            run.key(), new Block(block, routing.select(data, Optional.empty()), step.timeout()));
    if (outcome.result() instanceof PatternResult.AwaitingReview) {
      return Optional.of(new PipelineEnd.Waiting());
    }
    return answered(run, outcome, routing);
  }

  /** Rows keep their names, for whoever reviews only some of them. */
  private Routing routeVote(StepRun run, Map<String, Tensor> data) {
    int rows = Routing.rows(data, Optional.empty());
    data.computeIfAbsent(RowPartials.ROW_IDS, name -> Tensor.ofStrings(RowPartials.numbered(rows)));
    return new Routing(
        conditions.route(run.step(), rows),
        PassBy.ofVote(run.step(), Lookup.in(data, RowPartials.ROW_IDS), outputs));
  }

  private Optional<PipelineEnd> answered(StepRun run, BlockOutcome outcome, Routing routing) {
    Optional<RoutedRows> rows = routing.counts();
    if (outcome.result() instanceof PatternResult.Failed failure) {
      trace.addBlock(run, outcome, Optional.empty(), rows);
      return Optional.of(failed(run, failure.error()));
    }
    PatternResult.Completed completed = (PatternResult.Completed) outcome.result();
    StepOutput answer = StepOutput.ofBlock(completed.output());
    trace.addBlock(run, outcome, Optional.of(TensorDigest.of(answer.tensors())), rows);
    outputs.put(
        run.step().step(),
        rows.isPresent() ? StepOutput.of(routing.merge(answer.tensors())) : answer);
    return Optional.empty();
  }

  private static PipelineEnd failed(StepRun run, ErrorInfo error) {
    return new PipelineEnd.Failed(run.step(), error);
  }

  /** Notes that a step failed before it reached a node. */
  private ErrorInfo refused(StepRun run, DimException unfit) {
    trace.add(run, TaskResult.failure("", unfit.info(), 0), Optional.empty());
    return unfit.info();
  }
}
