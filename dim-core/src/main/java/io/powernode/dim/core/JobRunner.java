package io.powernode.dim.core;

import static io.powernode.dim.api.ErrorCode.QUARANTINED;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the engine of a job, on the thread that calls it, and ends or suspends the job. Nothing that
 * an engine or the host's code does may leave a job without an end.
 */
final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /**
   * A job that goes on killing its orchestrator while it is only to be ended is not looked into.
   */
  private static final int HOPELESS = 2 * TakeOver.MAX_TAKEOVERS;

  private final Execution.Shared shared;
  private final JobBook book;
  private final Retention retention;
  private final LastRollback lastRollback;

  JobRunner(Execution.Shared shared, JobBook book, Retention retention) {
    this.shared = shared;
    this.book = book;
    this.retention = retention;
    this.lastRollback = new LastRollback(shared.plugins());
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
      run.leave().requireGoing();
      boolean isNew = run.takeNew();
      JobRecord record = run.record();
      run.become(record.with(record.life().in(JobState.RUNNING)));
      started(run, isNew);
      if (record.life().takeovers() >= HOPELESS) {
        return endUnread(run, Optional.empty());
      }
      Journal journal = journal(run, isNew);
      run.goOn();
      return run(run, journal);
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
    if (run.isPostponedFor(patience(run), shared.dispatcher().environment().nanoTime())) {
      run.requestStop(outOfTime(run.record()));
      return broken(run, why);
    }
    LOG.warn("job {} has to wait: {}", run.jobId(), why.getMessage());
    return new Outcome.Postponed();
  }

  /** As long as the job may run; one that is to end waits as long as its rollbacks may take. */
  private Duration patience(JobRun run) {
    return run.stop().reason().isPresent()
        ? lastRollback.limit(run)
        : run.record().life().remaining();
  }

  private Journal journal(JobRun run, boolean isNew) {
    return isNew
        ? Journal.empty(run.jobId(), run.writer(), book.json())
        : Journal.load(run.jobId(), run.writer(), book.store(), book.json());
  }

  private Outcome run(JobRun run, Journal journal) {
    Environment environment = shared.dispatcher().environment();
    Duration remaining = run.record().life().remaining();
    long deadline = environment.nanoTime() + Spans.nanos(remaining);
    run.deadline(OptionalLong.of(deadline));
    Countdown time =
        Countdown.start(environment, remaining, (left, isOver) -> passed(run, left, isOver));
    try {
      run.account(journal.answers());
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

  /**
   * A job that may have brought down an owner before is known to run before it can do so again, be
   * it by its journal or while it is only to be ended. One that was just accepted may do so once.
   */
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
    ErrorInfo why = outOfTime(run.record());
    if (run.stop().reason().isEmpty() && run.record().state() == JobState.RUNNING) {
      run.mustEnd(why);
      run.writer().writeUnless(isOver, List.of(book.put(run.current())));
    }
    run.requestStop(why);
  }

  private static ErrorInfo outOfTime(JobRecord record) {
    return ErrorInfo.of(
            ErrorCode.JOB_TIMEOUT,
            "the job did not end within " + record.spec().timeout().toSeconds() + " s")
        .about("job", record.jobId());
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
      last = lastRollback.undo(execution, failed);
    }
    end(
        run,
        JobEnding.of(run, last, execution.environment()),
        () -> retention.keepsJournals() ? List.of() : execution.journal().deletions());
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
  private void end(JobRun run, JobEnding ending, Supplier<List<Write>> forgotten) {
    run.await(
        shared.dispatcher().environment(),
        run.writer().writeLast(() -> ending.writes(book, retention.nextEnd(), forgotten.get())));
    run.end(ending);
    // Only now that the end is durable: until then a next owner may need them.
    shared.dispatcher().releaseRows(run);
  }

  /** Leaves the job as the store has it: somebody else owns it, or will. */
  private static Outcome left(JobRun run, DimException why) {
    LOG.info("job {} is left to its next owner: {}", run.jobId(), why.getMessage());
    return new Outcome.Left();
  }

  /** A job that cannot be run, because its journal is damaged for one, still has to end. */
  private Outcome broken(JobRun run, Throwable why) {
    LOG.error("job {} cannot be run", run.jobId(), why);
    return endUnread(run, unread(run));
  }

  /**
   * Ends a job without its engine, and so without undoing anything.
   *
   * @param journal the writes that remove it; empty if nothing is known of it
   */
  private Outcome endUnread(JobRun run, Optional<List<Write>> journal) {
    ErrorInfo error =
        run.stop()
            .reason()
            .orElseGet(
                () ->
                    ErrorInfo.of(
                        ErrorCode.INTERNAL, "the job could not be run to its end; see the log"))
            .about("job", run.jobId());
    boolean mayHaveActed =
        journal
            .map(all -> all.stream().anyMatch(e -> Journal.isIntent(run.jobId(), e.key())))
            .orElse(true);
    try {
      end(
          run,
          JobEnding.of(
              run,
              PatternResult.failed(mayHaveActed ? notUndone(error) : error),
              shared.dispatcher().environment()),
          () -> retention.keepsJournals() ? List.of() : journal.orElse(List.of()));
      return new Outcome.Ended();
    } catch (DimException e) {
      return left(run, e);
    }
  }

  /** As cancelled end only jobs of which nothing is left. */
  private static ErrorInfo notUndone(ErrorInfo error) {
    boolean looksUndone = error.code() == ErrorCode.CANCELLED;
    return new ErrorInfo(
        looksUndone ? ErrorCode.COMPENSATION_FAILED : error.code(),
        error.message() + "; it may have had effects, which were not undone",
        error.retryable(),
        error.subject());
  }

  /**
   * What removes a journal that cannot be read, unless not even that can be told: then retention
   * will remove it.
   */
  private Optional<List<Write>> unread(JobRun run) {
    try {
      return Optional.of(book.journalDeletions(run.jobId()));
    } catch (RuntimeException damaged) {
      LOG.warn("the journal of job {} stays until the job is forgotten", run.jobId(), damaged);
      return Optional.empty();
    }
  }

  private static PatternResult fault(Execution execution, String problem) {
    return PatternResult.failed(
        ErrorInfo.of(ErrorCode.ENGINE_FAULT, problem).about("job", execution.jobId()));
  }
}
