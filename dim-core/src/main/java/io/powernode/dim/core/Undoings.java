package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells what came of compensations that no engine tells of, by the names of their tasks. */
record Undoings(List<RollbackOutcome> outcomes) {

  /** Whether something could not be undone. */
  boolean isIncomplete() {
    return outcomes.stream().anyMatch(outcome -> error(outcome).isPresent());
  }

  /** What was undone and what was not, in one line. */
  String told() {
    String undone =
        outcomes.stream()
            .filter(outcome -> error(outcome).isEmpty())
            .map(RollbackOutcome::undoes)
            .distinct()
            .collect(Collectors.joining(", "));
    String notUndone =
        outcomes.stream()
            .flatMap(outcome -> error(outcome).map(why -> failure(outcome, why)).stream())
            .distinct()
            .collect(Collectors.joining("; "));
    return "undone: %s; not undone: %s".formatted(undone.isEmpty() ? "nothing" : undone, notUndone);
  }

  private static String failure(RollbackOutcome outcome, ErrorInfo why) {
    return outcome.undoes() + ": " + why.code() + ": " + why.message();
  }

  /** The same as entries of a trace. */
  List<TraceStep> trace() {
    return outcomes.stream().map(Undoings::entry).toList();
  }

  private static TraceStep entry(RollbackOutcome outcome) {
    TaskResult result = outcome.result();
    Optional<ErrorInfo> error = error(outcome);
    Optional<Digest> digest =
        result instanceof TaskResult.Success success
            ? Optional.of(success.outputDigest())
            : Optional.empty();
    return new TraceStep(
        TraceStep.NO_STEP,
        outcome.undoes(),
        outcome.work(),
        Optional.of(result.nodeId()).filter(id -> !id.isEmpty()),
        error.isPresent() ? TraceStatus.ROLLBACK_FAILED : TraceStatus.ROLLED_BACK,
        1,
        result.durationMs(),
        digest,
        error,
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<ErrorInfo> error(RollbackOutcome outcome) {
    return outcome.result() instanceof TaskResult.Failure failure
        ? Optional.of(failure.error())
        : Optional.empty();
  }
}
