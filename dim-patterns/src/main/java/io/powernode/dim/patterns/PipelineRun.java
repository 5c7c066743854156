package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.RollbackOutcome;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One job's way through its pipeline. Not thread-safe. */
final class PipelineRun {
  private final ChainedSpec spec;
  private final PatternContext context;
  private final Map<Integer, StepOutput> outputs = new HashMap<>();
  private final PipelineTrace trace = new PipelineTrace();
  private final PipelineUndo undo;
  private final StepRunner runner;
  private int attempt;

  PipelineRun(ChainedSpec spec, PatternContext context) {
    this.spec = spec;
    this.context = context;
    this.undo = new PipelineUndo(context, trace, spec.errorHandling().rollbackTimeout());
    this.runner = new StepRunner(spec, context, outputs, trace, undo);
  }

  /** Runs the steps from number {@code first} on as a new attempt. */
  PipelineEnd attempt(int first) {
    attempt++;
    outputs.keySet().removeIf(step -> step >= first);
    int total = spec.pipeline().size();
    for (PipelineStep step : spec.pipeline().subList(first - 1, total)) {
      context.progress(step.step() - 1, total);
      Optional<PipelineEnd> end = runner.run(step, attempt);
      if (end.isPresent()) {
        return end.get();
      }
    }
    context.progress(total, total);
    return new PipelineEnd.Answered();
  }

  /** Undoes what the steps from number {@code first} on did. */
  List<RollbackOutcome> rollBack(int first) {
    return undo.rollBack(first, attempt);
  }

  /** What a compensation was to undo, as people know it. */
  String undone(RollbackOutcome outcome) {
    return undo.label(outcome);
  }

  /** Everything that ended so far, in that order. */
  List<TraceStep> trace() {
    return trace.steps();
  }

  /** What the last step that was not skipped answered. */
  JobOutput answer() {
    return Lookup.in(outputs, Collections.max(outputs.keySet())).answer();
  }
}
