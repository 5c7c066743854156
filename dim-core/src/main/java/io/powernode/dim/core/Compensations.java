package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Undoes what a job's tasks did, in reverse order, each compensation once. Works on when the job
 * itself was stopped, within a time limit of its own.
 */
final class Compensations {
  private final Execution execution;

  Compensations(Execution execution) {
    this.execution = execution;
  }

  /**
   * Runs what is due in one scope.
   *
   * @param key the full step name of this rollback
   * @param prefix the scope
   * @param which the compensations of the scope to run; the others stay
   */
  List<RollbackOutcome> run(String key, String prefix, Predicate<Fact.Undo> which, Duration limit) {
    Digest request = Digest.of(("rollback\n" + prefix).getBytes(StandardCharsets.UTF_8));
    Optional<Fact.Undone> known = execution.journal().find(key, request, Fact.Undone.class);
    if (known.isPresent()) {
      known.get().considered().forEach(execution.journal()::asked);
      return known.get().outcomes();
    }
    List<Fact.Undo> open = open(prefix).stream().filter(which).toList();
    Duration left = execution.journal().rollbackTime(key).orElse(limit);
    StopSignal stop = new StopSignal();
    List<RollbackOutcome> outcomes;
    Countdown time =
        Countdown.start(
            execution.environment(),
            left,
            (now, isOver) -> {
              if (now.isZero()) {
                stop.stop(outOfTime());
              } else {
                execution.journal().keepTime(key, request, now, isOver);
              }
            });
    try {
      outcomes = undo(open, prefix, stop, left);
    } finally {
      time.close();
    }
    List<String> considered = open.stream().map(undo -> undo.task().step()).toList();
    execution.awaitAnyway(
        execution.journal().appendNow(key, request, new Fact.Undone(outcomes, considered)));
    return outcomes;
  }

  private List<RollbackOutcome> undo(
      List<Fact.Undo> open, String prefix, StopSignal stop, Duration left) {
    Deadline deadline = Deadline.withAlarm(execution.environment().nanoTime() + Spans.nanos(left));
    Runnable leave = () -> stop.stop(execution.run().leave().reason().orElseThrow());
    execution.run().leave().onStop(leave);
    List<RollbackOutcome> outcomes = new ArrayList<>();
    try {
      for (Fact.Undo undo : open) {
        if (isDue(undo)) {
          outcomes.add(
              new RollbackOutcome(
                  undo.undoes().substring(prefix.length()),
                  undo.task().step().substring(prefix.length()),
                  undo.task().work().label(),
                  result(undo, stop, deadline)));
        }
      }
    } finally {
      execution.run().leave().forget(leave);
    }
    execution.run().leave().requireGoing();
    return outcomes;
  }

  /** A compensation that cannot even be sent must not keep the others from being tried. */
  private TaskResult result(Fact.Undo undo, StopSignal stop, Deadline deadline) {
    try {
      return tried(undo, stop, deadline);
    } catch (DimException e) {
      execution.run().leave().requireGoing();
      return TaskResult.failure("", e.info(), 0);
    }
  }

  private TaskResult tried(Fact.Undo undo, StopSignal stop, Deadline deadline) {
    PreparedTask task =
        execution.prepare(undo.task().step(), "", undo.task()).undoing(undo.undoes());
    String key = task.key();
    Optional<Fact.Answer> known = execution.journal().find(key, task.request(), Fact.Answer.class);
    if (known.isPresent()) {
      return known.get().result();
    }
    if (stop.reason().isPresent()) {
      return TaskResult.failure("", stop.reason().get(), 0);
    }
    TaskExecution compensation =
        new TaskExecution(
            execution.dispatcher(), execution.run(), execution.journal(), task, stop, deadline);
    return execution.awaitAnyway(compensation.start());
  }

  /** Whether the step did, or may have done, what is to be undone. */
  private boolean isDue(Fact.Undo undo) {
    return execution
        .journal()
        .answer(undo.undoes())
        .map(answer -> answer.mayHaveActed() || answer.result() instanceof TaskResult.Success)
        .orElseGet(() -> execution.journal().intent(undo.undoes()).isPresent());
  }

  /** What no earlier rollback settled, the latest first. */
  private List<Fact.Undo> open(String prefix) {
    List<Fact.Undo> undos = new ArrayList<>();
    for (Fact.Undo undo : execution.journal().undos()) {
      if (undo.undoes().startsWith(prefix) && !execution.journal().isSettled(undo.task().step())) {
        undos.add(undo);
      }
    }
    Collections.reverse(undos);
    return undos;
  }

  private static ErrorInfo outOfTime() {
    return ErrorInfo.of(ErrorCode.TASK_TIMEOUT, "no time was left for the rollback");
  }
}
