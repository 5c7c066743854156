package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rolls a pipeline back, in one go or several, and keeps what came of all of it. */
final class RollbackTally {
  private final PipelineRun run;
  private final List<String> undone = new ArrayList<>();
  private final List<String> notUndone = new ArrayList<>();

  RollbackTally(PipelineRun run) {
    this.run = run;
  }

  /**
   * Undoes what these steps did.
   *
   * @param name that no other rollback of this attempt has
   */
  void rollBack(Set<Integer> steps, String name) {
    for (RollbackOutcome outcome : run.rollBack(steps, name)) {
      String step = run.undone(outcome);
      if (outcome.result() instanceof TaskResult.Failure failure) {
        notUndone.add(step + ": " + failure.error().code() + ": " + failure.error().message());
      } else {
        undone.add(step);
      }
    }
  }

  /** What was undone, as people know it. */
  List<String> undone() {
    return List.copyOf(undone);
  }

  /** Whether something could not be undone. */
  boolean isIncomplete() {
    return !notUndone.isEmpty();
  }

  /**
   * The job's error if something could not be undone.
   *
   * @param why the pipeline was rolled back
   */
  Optional<ErrorInfo> error(String why) {
    return isIncomplete()
        ? Optional.of(
            ErrorInfo.of(
                ErrorCode.COMPENSATION_FAILED,
                "%s; undone: %s; not undone: %s"
                    .formatted(
                        why,
                        undone.isEmpty() ? "nothing" : String.join(", ", undone),
                        String.join("; ", notUndone))))
        : Optional.empty();
  }
}
