package io.powernode.dim.core;

import static io.powernode.dim.api.ErrorCode.QUARANTINED;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the engine of a job, on the thread that calls it, and ends or suspends the job. Nothing that
 * an engine or the host's code does may leave a job without an end.
 */
final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** Not a name that an engine can use: it would undo a step without a name. */
  private static final String LAST_ROLLBACK = "undo:";

  private final Execution.Shared shared;
  private final JobBook book;
  private final boolean keepsJournals;

  /**
   * A runner.
   *
   * @param keepsJournals whether the journal of a job stays when it ends
   */
  JobRunner(Execution.Shared shared, JobBook book, boolean keepsJournals) {
    this.shared = shared;
    this.book = book;
    this.keepsJournals = keepsJournals;
  }

  /** How a run of an engine went. */
  sealed interface Outcome {
    /** The job ended. */
    record Ended() implements Outcome {}

    /**
     * The job waits for a review.
     *
     * @param record as the store has it
     */
    record Suspended(JobRecord record) implements Outcome {}

    /** The job is somebody else's, now or later. */
    record Left() implements Outcome {}

    /** The store could not be read: the job is still to be run. */
    record Postponed() implements Outcome {}
  }

  /** Runs the job until it ends, is suspended, or is no longer this orchestrator's. */
  Outcome run(JobRun run) {
    try {
      boolean isNew = run.takeNew();
      return run(run, journal(run, isNew), isNew);
    } catch (DimException e) {
      return switch (e.code()) {
        case FENCED, CONFLICT -> left(run, e);
        default -> unreadable(run, e);
      };
    } catch (Throwable e) {
      return broken(run, e);
    }
  }

  private Outcome unreadable(JobRun run, DimException why) {
    if (run.leave().reason().isPresent()) {
      return left(run, why);
    }
    if (!why.retryable()) {
      return broken(run, why);
    }
    LOG.warn("job {} has to wait: {}", run.jobId(), why.getMessage());
    return new Outcome.Postponed();
  }

  private Journal journal(JobRun run, boolean isNew) {
    return isNew
        ? Journal.empty(run.jobId(), run.writer(), book.json())
        : Journal.load(run.jobId(), run.writer(), book.store(), book.json());
  }

  private Outcome run(JobRun run, Journal journal, boolean isNew) {
    Environment environment = shared.dispatcher().environment();
    JobRecord record = run.record();
    Duration remaining = record.life().remaining();
    long deadline = environment.nanoTime() + Spans.nanos(remaining);
    run.deadline(OptionalLong.of(deadline));
    Countdown time =
        Countdown.start(environment, remaining, (left, isOver) -> passed(run, left, isOver));
    try {
      run.account(journal.answers());
      if (run.stop().reason().isEmpty()) {
        run.become(record.with(record.life().in(JobState.RUNNING)));
        started(run, isNew);
      }
      Execution execution = new Execution(run, journal, shared, Deadline.withAlarm(deadline));
      PatternResult result = result(execution);
      time.close();
      Duration left = time.left();
      if (left.isZero() && result instanceof PatternResult.AwaitingReview) {
        timeIsUp(run, () -> false);
      }
      return conclude(execution, result, left);
    } finally {
      time.close();
      run.deadline(OptionalLong.empty());
    }
  }

  /** A job that may have brought down an owner before is known to run before it does so again. */
  private void started(JobRun run, boolean isNew) {
    List<Write> running = List.of(book.put(run.current()));
    if (isNew) {
      run.writer().writeBehind(running);
    } else {
      run.await(shared.dispatcher().environment(), run.writer().write(running));
    }
  }

  private void passed(JobRun run, Duration left, BooleanSupplier isOver) {
    if (left.isZero()) {
      timeIsUp(run, isOver);
    } else if (run.stop().reason().isEmpty()) {
      JobRecord record = run.current();
      JobRecord waited = record.with(record.life().remaining(left));
      run.writer().writeUnless(isOver, List.of(book.put(waited)));
    }
  }

  /** Durable at once, so that a job that timed out is not given its time again by a next owner. */
  private void timeIsUp(JobRun run, BooleanSupplier isOver) {
    JobRecord record = run.current();
    ErrorInfo why =
        ErrorInfo.of(
                ErrorCode.JOB_TIMEOUT,
                "the job did not end within " + record.spec().timeout().toSeconds() + " s")
            .about("job", record.jobId());
    if (run.stop().reason().isEmpty() && record.state() == JobState.RUNNING) {
      run.writer().writeUnless(isOver, List.of(book.put(record.withError(why))));
    }
    run.requestStop(why);
  }

  private PatternResult result(Execution execution) {
    PatternSpec spec = execution.run().record().spec().config();
    try {
      requireHarmless(execution);
      Optional<PatternEngine<?>> engine = shared.plugins().engine(spec.pattern());
      if (engine.isEmpty()) {
        return fault(execution, "there is no engine for pattern " + spec.pattern());
      }
      PatternResult result =
          EngineContext.execute(engine.get(), spec, new EngineContext(execution));
      Optional<String> unasked = execution.journal().unasked();
      if (result instanceof PatternResult.Completed && unasked.isPresent()) {
        return fault(execution, "the engine did not ask for step " + unasked.get() + " again");
      }
      if (result instanceof PatternResult.AwaitingReview && execution.asked().isEmpty()) {
        return fault(execution, "the engine waits for a review that it did not ask for");
      }
      return result == null ? fault(execution, "the engine answered nothing") : result;
    } catch (DimException e) {
      return PatternResult.failed(e.info().about("job", execution.jobId()));
    } catch (Throwable e) {
      // Checked exceptions of other languages included.
      LOG.error("the engine of job {} failed", execution.jobId(), e);
      return fault(execution, "the engine threw " + e.getClass().getSimpleName());
    }
  }

  /** An engine that keeps killing its orchestrator is not even run to tell its trace. */
  private static void requireHarmless(Execution execution) {
    if (execution.stop().reason().filter(why -> why.code() == QUARANTINED).isPresent()) {
      execution.stop().requireGoing();
    }
  }

  private Outcome conclude(Execution execution, PatternResult result, Duration left) {
    JobRun run = execution.run();
    run.leave().requireGoing();
    Optional<ErrorInfo> stopped = run.stop().reason();
    if (result instanceof PatternResult.AwaitingReview && stopped.isEmpty()) {
      return suspend(execution, left);
    }
    PatternResult last = stopped.isPresent() ? stoppedResult(stopped.get(), result) : result;
    if (last instanceof PatternResult.Failed failed) {
      last = undo(execution, failed);
    }
    end(
        run,
        JobEnding.of(run, last, execution.environment().now()),
        keepsJournals ? List.of() : execution.journal().deletions());
    return new Outcome.Ended();
  }

  /** A job that was told to stop ends for that reason, whatever its engine made of it. */
  private static PatternResult stoppedResult(ErrorInfo why, PatternResult result) {
    if (result instanceof PatternResult.Failed failed) {
      boolean undoneInPart = failed.error().code() == ErrorCode.COMPENSATION_FAILED;
      return undoneInPart ? failed : PatternResult.failed(why, failed.trace());
    }
    List<TraceStep> trace =
        result instanceof PatternResult.Completed completed ? completed.trace() : List.of();
    return PatternResult.failed(why, trace);
  }

  private Outcome suspend(Execution execution, Duration left) {
    JobRun run = execution.run();
    JobRecord record = run.current();
    JobRecord waiting =
        record
            .with(record.life().in(JobState.AWAITING_REVIEW).remaining(left))
            .withReview(execution.asked());
    execution.awaitAnyway(run.writer().write(List.of(book.put(waiting))));
    return new Outcome.Suspended(waiting);
  }

  /** The terminal state, the result and the end of the journal are one commit. */
  private void end(JobRun run, JobEnding ending, List<Write> forgotten) {
    run.await(
        shared.dispatcher().environment(), run.writer().writeLast(ending.writes(book, forgotten)));
    run.end(ending);
    // Only now that the end is durable: until then a next owner may need them.
    shared.dispatcher().releaseRows(run);
  }

  /** Undoes what the engine itself did not. */
  private PatternResult undo(Execution execution, PatternResult.Failed failed) {
    if (execution.journal().undoCount() == 0) {
      return failed;
    }
    Set<String> notUndone = new LinkedHashSet<>();
    if (failed.error().code() != ErrorCode.COMPENSATION_FAILED) {
      // An engine that was stopped does not come to a rollback of its own again that failed.
      notUndone.addAll(execution.journal().notUndone());
    }
    for (RollbackOutcome outcome :
        execution
            .compensations()
            .run(LAST_ROLLBACK, "", undo -> true, rollbackTimeout(execution))) {
      if (outcome.result() instanceof TaskResult.Failure) {
        notUndone.add(outcome.undoes());
      }
    }
    if (notUndone.isEmpty()) {
      return failed;
    }
    ErrorInfo error =
        ErrorInfo.of(
                ErrorCode.COMPENSATION_FAILED,
                failed.error().message() + "; not undone: " + String.join(", ", notUndone))
            .about("job", execution.jobId());
    return PatternResult.failed(error, failed.trace());
  }

  private Duration rollbackTimeout(Execution execution) {
    PatternSpec spec = execution.run().record().spec().config();
    try {
      return shared
          .plugins()
          .engine(spec.pattern())
          .map(engine -> rollbackTimeout(engine, spec))
          .orElse(ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT);
    } catch (RuntimeException e) {
      LOG.error("the engine of job {} has no time limit for rollbacks", execution.jobId(), e);
      return ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT;
    }
  }

  private static <S extends PatternSpec> Duration rollbackTimeout(
      PatternEngine<S> engine, PatternSpec spec) {
    return engine.rollbackTimeout(engine.specType().cast(spec));
  }

  /** Leaves the job as the store has it: somebody else owns it, or will. */
  private static Outcome left(JobRun run, DimException why) {
    LOG.info("job {} is left to its next owner: {}", run.jobId(), why.getMessage());
    return new Outcome.Left();
  }

  /** A job that cannot be run, because its journal is damaged for one, still has to end. */
  private Outcome broken(JobRun run, Throwable why) {
    LOG.error("job {} cannot be run", run.jobId(), why);
    ErrorInfo error =
        ErrorInfo.of(ErrorCode.INTERNAL, "the job could not be run to its end; see the log")
            .about("job", run.jobId());
    try {
      Environment environment = shared.dispatcher().environment();
      end(run, JobEnding.of(run, PatternResult.failed(error), environment.now()), unread(run));
      return new Outcome.Ended();
    } catch (DimException e) {
      return left(run, e);
    }
  }

  /** Removes a journal that cannot be read; where not even that can be told, retention will. */
  private List<Write> unread(JobRun run) {
    try {
      return keepsJournals ? List.of() : book.journalDeletions(run.jobId());
    } catch (RuntimeException damaged) {
      LOG.warn("the journal of job {} stays until the job is forgotten", run.jobId(), damaged);
      return List.of();
    }
  }

  private static PatternResult fault(Execution execution, String problem) {
    return PatternResult.failed(
        ErrorInfo.of(ErrorCode.ENGINE_FAULT, problem).about("job", execution.jobId()));
  }
}
