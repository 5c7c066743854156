package io.powernode.dim.patterns;

import io.powernode.dim.api.BlockResult;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes the steps of a pipeline as they end. Not thread-safe. */
final class PipelineTrace {
  private final List<TraceStep> steps = new ArrayList<>();

  /** How something ended. */
  private record End(
      TraceStatus status,
      Optional<String> nodeId,
      long durationMs,
      Optional<Digest> digest,
      Optional<ErrorInfo> error) {

    static End of(TaskResult result, TraceStatus good, TraceStatus bad) {
      Optional<TaskResult.Success> success =
          result instanceof TaskResult.Success s ? Optional.of(s) : Optional.empty();
      Optional<ErrorInfo> error =
          result instanceof TaskResult.Failure f ? Optional.of(f.error()) : Optional.empty();
      return new End(
          success.isPresent() ? good : bad,
          Optional.of(result.nodeId()).filter(id -> !id.isEmpty()),
          result.durationMs(),
          success.map(TaskResult.Success::outputDigest),
          error);
    }
  }

  /** Notes what became of a step's task. */
  void add(StepRun run, TaskResult result, Optional<RoutedRows> rows) {
    boolean isIdle = rows.filter(counts -> counts.through() == 0).isPresent();
    TraceStatus good = isIdle ? TraceStatus.SKIPPED : TraceStatus.DONE;
    add(run, End.of(result, good, TraceStatus.FAILED), Optional.empty(), rows);
  }

  /** Notes that a step did not run. */
  void addSkipped(StepRun run, Optional<RoutedRows> rows) {
    End skipped =
        new End(TraceStatus.SKIPPED, Optional.empty(), 0, Optional.empty(), Optional.empty());
    add(run, skipped, Optional.empty(), rows);
  }

  /**
   * Notes what became of a compensation.
   *
   * @param what the step's name, and within a block that of its part
   */
  void addRollback(PipelineStep step, String what, int attempt, RollbackOutcome outcome) {
    End end = End.of(outcome.result(), TraceStatus.ROLLED_BACK, TraceStatus.ROLLBACK_FAILED);
    add(step, what, outcome.work(), attempt, end, Optional.empty(), Optional.empty());
  }

  /** Notes what became of a block that does not wait. */
  void addBlock(
      StepRun run, BlockOutcome outcome, Optional<Digest> digest, Optional<RoutedRows> rows) {
    BlockResult result;
    Optional<ErrorInfo> error = Optional.empty();
    if (outcome.result() instanceof PatternResult.Completed completed) {
      result =
          new BlockResult(
              Optional.of(completed.output()),
              Optional.of(completed.evidence()),
              completed.trace());
    } else {
      PatternResult.Failed failed = (PatternResult.Failed) outcome.result();
      result = new BlockResult(Optional.empty(), Optional.empty(), failed.trace());
      error = Optional.of(failed.error());
    }
    TraceStatus status = error.isPresent() ? TraceStatus.FAILED : TraceStatus.DONE;
    End end = new End(status, Optional.empty(), outcome.durationMs(), digest, error);
    add(run, end, Optional.of(result), rows);
  }

  private void add(StepRun run, End end, Optional<BlockResult> block, Optional<RoutedRows> rows) {
    add(run.step(), run.step().name(), run.work(), run.attempt(), end, block, rows);
  }

  private void add(
      PipelineStep step,
      String name,
      String work,
      int attempt,
      End end,
      Optional<BlockResult> block,
      Optional<RoutedRows> rows) {
    steps.add(
        new TraceStep(
            step.step(),
            name,
            work,
            end.nodeId(),
            end.status(),
            attempt,
            end.durationMs(),
            end.digest(),
            end.error(),
            block,
            rows));
  }

  List<TraceStep> steps() {
    return List.copyOf(steps);
  }
}
