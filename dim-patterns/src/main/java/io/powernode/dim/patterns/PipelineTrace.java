package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes the steps of a pipeline as they end. Not thread-safe. */
final class PipelineTrace {
  private final List<TraceStep> steps = new ArrayList<>();

  /** Notes what became of a step, by its model or its fallback, or its action. */
  void add(PipelineStep step, String work, int attempt, TaskResult result) {
    note(step, work, attempt, result, TraceStatus.DONE, TraceStatus.FAILED);
  }

  /** Notes that a step did not run. */
  void addSkipped(PipelineStep step, String work, int attempt) {
    steps.add(
        new TraceStep(
            step.step(),
            step.name(),
            work,
            Optional.empty(),
            TraceStatus.SKIPPED,
            attempt,
            0,
            Optional.empty(),
            Optional.empty()));
  }

  /** Notes what became of a step's compensation. */
  void addRollback(PipelineStep step, int attempt, TaskResult result) {
    String work = StepTasks.workOf(step.rollback().orElseThrow());
    note(step, work, attempt, result, TraceStatus.ROLLED_BACK, TraceStatus.ROLLBACK_FAILED);
  }

  List<TraceStep> steps() {
    return List.copyOf(steps);
  }

  private void note(
      PipelineStep step,
      String work,
      int attempt,
      TaskResult result,
      TraceStatus good,
      TraceStatus bad) {
    Optional<TaskResult.Success> success =
        result instanceof TaskResult.Success s ? Optional.of(s) : Optional.empty();
    Optional<ErrorInfo> error =
        result instanceof TaskResult.Failure f ? Optional.of(f.error()) : Optional.empty();
    steps.add(
        new TraceStep(
            step.step(),
            step.name(),
            work,
            Optional.of(result.nodeId()).filter(id -> !id.isEmpty()),
            success.isPresent() ? good : bad,
            attempt,
            result.durationMs(),
            success.map(TaskResult.Success::outputDigest),
            error));
  }
}
