package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.TaskResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a pipeline is. Not thread-safe.
 *
 * @param plan which rows stay on their node
 * @param outputs what steps answered, by number, without those that were skipped
 */
record PipelineState(
    ChainedSpec spec,
    PatternContext context,
    StayPlan plan,
    Map<Integer, StepOutput> outputs,
    PipelineTrace trace,
    PipelineUndo undo) {

  /** The state before the first step. */
  static PipelineState of(ChainedSpec spec, PatternContext context) {
    PipelineTrace trace = new PipelineTrace();
    return new PipelineState(
        spec,
        context,
        StayPlan.of(spec.pipeline(), new StepSources(context.catalog())),
        new HashMap<>(),
        trace,
        new PipelineUndo(context, trace, spec.errorHandling().rollbackTimeout()));
  }

  List<PipelineStep> pipeline() {
    return spec.pipeline();
  }

  Optional<ModelDescriptor> model(Optional<String> id) {
    return id.map(model -> Plugins.model(context.catalog(), model));
  }

  void answered(StepRun run, StepOutput output) {
    outputs.put(run.step().step(), output);
  }

  /** Notes that a step failed, other than by its own task. */
  ErrorInfo refused(StepRun run, ErrorInfo error) {
    String node = error.subject().getOrDefault("node", "");
    trace.add(run, TaskResult.failure(node, error, 0), Optional.empty());
    return error;
  }
}
