package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.patterns.StepConditions.Verdict;
import java.util.Optional;

/** Runs single steps of a pipeline. Not thread-safe. */
final class StepRunner {
  private final PipelineState state;
  private final StepConditions conditions;
  private final TaskRunner tasks;
  private final BlockRunner blocks;

  StepRunner(PipelineState state) {
    StepInputs inputs = new StepInputs(state);
    this.state = state;
    this.conditions = new StepConditions(state);
    this.tasks = new TaskRunner(state, inputs, conditions);
    this.blocks = new BlockRunner(state, inputs, conditions);
  }

  /** Runs a step; answers why the pipeline cannot go on after it, if so. */
  Optional<PipelineEnd> run(PipelineStep step, int attempt) {
    String key = "a" + attempt + "/s" + step.step();
    StepRun run = new StepRun(step, attempt, key, state.model(step.modelId()));
    Verdict verdict = conditions.judge(run);
    if (verdict.problem().isPresent()) {
      return Optional.of(new PipelineEnd.Failed(step, state.refused(run, verdict.problem().get())));
    } else if (!verdict.holds()) {
      state.trace().addSkipped(run, Optional.empty());
      return Optional.empty();
    } else if (step.block().isPresent()) {
      return blocks.run(run, step.block().get());
    }
    Optional<ErrorInfo> error = tasks.run(run);
    if (error.filter(StepRunner::canFallBack).isPresent() && step.fallbackModelId().isPresent()) {
      error =
          tasks.run(
              new StepRun(step, attempt, key + "/fallback", state.model(step.fallbackModelId())));
    }
    return error.map(why -> new PipelineEnd.Failed(step, why));
  }

  /** A fallback reads the same rows: where those are lost, they have to be made again first. */
  private static boolean canFallBack(ErrorInfo error) {
    return error.code() != ErrorCode.ROWS_LOST;
  }
}
