package io.powernode.dim.patterns;

import io.powernode.dim.api.BlockResult;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes the steps of a pipeline as they end. Not thread-safe. */
final class PipelineTrace {
  private final List<TraceStep> steps = new ArrayList<>();

  /** Notes what became of a step, by its model or its fallback, or its action. */
  void add(PipelineStep step, String work, int attempt, TaskResult result) {
    note(step, step.name(), work, attempt, result, TraceStatus.DONE, TraceStatus.FAILED);
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
            Optional.empty(),
            Optional.empty()));
  }

  /**
   * Notes what became of a compensation.
   *
   * @param what the step's name, and within a block that of its part
   */
  void addRollback(PipelineStep step, String what, int attempt, RollbackOutcome outcome) {
    note(
        step,
        what,
        outcome.work(),
        attempt,
        outcome.result(),
        TraceStatus.ROLLED_BACK,
        TraceStatus.ROLLBACK_FAILED);
  }

  /** Notes a block that answered. */
  void addBlock(
      PipelineStep step, int attempt, long durationMs, Completed completed, StepOutput output) {
    steps.add(
        block(
            step,
            attempt,
            durationMs,
            Optional.of(TensorDigest.of(output.tensors())),
            Optional.empty(),
            new BlockResult(
                Optional.of(completed.output()),
                Optional.of(completed.evidence()),
                completed.trace())));
  }

  /** Notes a block that failed. */
  void addBlock(PipelineStep step, int attempt, long durationMs, Failed failed) {
    steps.add(
        block(
            step,
            attempt,
            durationMs,
            Optional.empty(),
            Optional.of(failed.error()),
            new BlockResult(Optional.empty(), Optional.empty(), failed.trace())));
  }

  private static TraceStep block(
      PipelineStep step,
      int attempt,
      long durationMs,
      Optional<Digest> digest,
      Optional<ErrorInfo> error,
      BlockResult result) {
    return new TraceStep(
        step.step(),
        step.name(),
        step.block().orElseThrow().pattern(),
        Optional.empty(),
        error.isPresent() ? TraceStatus.FAILED : TraceStatus.DONE,
        attempt,
        durationMs,
        digest,
        error,
        Optional.of(result));
  }

  List<TraceStep> steps() {
    return List.copyOf(steps);
  }

  private void note(
      PipelineStep step,
      String name,
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
            name,
            work,
            Optional.of(result.nodeId()).filter(id -> !id.isEmpty()),
            success.isPresent() ? good : bad,
            attempt,
            result.durationMs(),
            success.map(TaskResult.Success::outputDigest),
            error,
            Optional.empty()));
  }
}
