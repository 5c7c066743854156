package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the engine of a job, on the thread that calls it, and ends or suspends the job. */
final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final String LAST_ROLLBACK = "rollback-at-the-end";

  private final Execution.Shared shared;
  private final JobBook book;

  JobRunner(Execution.Shared shared, JobBook book) {
    this.shared = shared;
    this.book = book;
  }

  /**
   * Runs the job until it ends, is suspended, or is no longer this orchestrator's.
   *
   * @return what the store now has, if the job waits for a review
   */
  Optional<JobRecord> run(JobRun run) {
    Environment environment = shared.dispatcher().environment();
    JobRecord record = run.record();
    PatternEngine<?> engine = shared.plugins().engine(record.spec().pattern()).orElseThrow();
    long started = environment.nanoTime();
    long deadline = started + record.life().remaining().toNanos();
    Subscription alarm =
        environment.schedule(record.life().remaining(), () -> run.requestStop(outOfTime(record)));
    try {
      Journal journal =
          run.takeNew()
              ? Journal.empty(record.jobId(), run.writer(), book.json())
              : Journal.load(record.jobId(), run.writer(), book.store(), book.json());
      run.ledger().restore(journal.answers());
      if (run.stop().reason().isEmpty()) {
        run.become(record.with(record.life().in(JobState.RUNNING)));
        run.writer().write(List.of(book.put(run.current())));
      }
      Execution execution = new Execution(run, journal, shared, deadline);
      PatternResult result = result(engine, execution);
      alarm.close();
      Duration left = Duration.ofNanos(Math.max(0, deadline - environment.nanoTime()));
      return conclude(run, execution, engine, result, left);
    } catch (DimException e) {
      return abandon(run, e);
    } finally {
      alarm.close();
    }
  }

  private PatternResult result(PatternEngine<?> engine, Execution execution) {
    PatternSpec spec = execution.run().record().spec().config();
    try {
      execution.stop().requireGoing();
      PatternResult result = EngineContext.execute(engine, spec, new EngineContext(execution));
      Optional<String> unasked = execution.journal().unasked();
      if (result instanceof PatternResult.Completed && unasked.isPresent()) {
        return PatternResult.failed(
            fault(execution, "the engine did not ask for step " + unasked.get() + " again"));
      }
      if (result instanceof PatternResult.AwaitingReview && execution.asked().isEmpty()) {
        return PatternResult.failed(
            fault(execution, "the engine waits for a review that it did not ask for"));
      }
      return result;
    } catch (DimException e) {
      return PatternResult.failed(e.info().about("job", execution.jobId()));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("the engine of job {} failed", execution.jobId(), e);
      return PatternResult.failed(
          fault(execution, "the engine threw " + e.getClass().getSimpleName()));
    }
  }

  private Optional<JobRecord> conclude(
      JobRun run,
      Execution execution,
      PatternEngine<?> engine,
      PatternResult result,
      Duration left) {
    Optional<ErrorInfo> stopped = run.stop().reason();
    if (run.leave().reason().isPresent()) {
      return abandon(run, new DimException(run.leave().reason().get()));
    }
    if (result instanceof PatternResult.AwaitingReview && stopped.isEmpty()) {
      return Optional.of(suspend(run, execution, left));
    }
    if (run.beginEnding()) {
      end(
          run,
          execution,
          engine,
          stopped.isPresent() ? stoppedResult(stopped.get(), result) : result);
    }
    return Optional.empty();
  }

  /** A job that was told to stop ends for that reason, whatever its engine made of it. */
  private static PatternResult stoppedResult(ErrorInfo why, PatternResult result) {
    List<TraceStep> trace =
        result instanceof PatternResult.Failed failed
            ? failed.trace()
            : result instanceof PatternResult.Completed completed ? completed.trace() : List.of();
    boolean undoneInPart =
        result instanceof PatternResult.Failed failed
            && failed.error().code() == ErrorCode.COMPENSATION_FAILED;
    return PatternResult.failed(
        undoneInPart ? ((PatternResult.Failed) result).error() : why, trace);
  }

  private JobRecord suspend(JobRun run, Execution execution, Duration left) {
    JobRecord record = run.current();
    JobRecord waiting =
        record
            .with(record.life().in(JobState.AWAITING_REVIEW).remaining(left))
            .withReview(execution.asked());
    execution.awaitAnyway(run.writer().write(List.of(book.put(waiting))));
    return waiting;
  }

  private void end(JobRun run, Execution execution, PatternEngine<?> engine, PatternResult result) {
    Instant now = execution.environment().now();
    PatternResult last =
        result instanceof PatternResult.Failed failed ? undo(execution, engine, failed) : result;
    JobRecord before = run.current().withReview(Optional.empty());
    JobRecord ended;
    JobBook.End end;
    if (last instanceof PatternResult.Completed completed) {
      ended = before.with(before.life().ended(JobState.COMPLETED, now));
      end = new JobBook.End(Optional.of(jobResult(run, ended, completed, now)), completed.trace());
    } else {
      PatternResult.Failed failed = (PatternResult.Failed) last;
      JobState state =
          failed.error().code() == ErrorCode.CANCELLED ? JobState.CANCELLED : JobState.FAILED;
      ended = before.with(before.life().ended(state, now)).withError(failed.error());
      end = new JobBook.End(Optional.empty(), failed.trace());
    }
    List<Write> writes = new ArrayList<>();
    writes.add(book.put(ended));
    writes.add(book.put(run.jobId(), end));
    writes.add(new Write.Delete(Keys.cancel(run.jobId())));
    CompletableFuture<Void> durable = run.writer().write(writes);
    execution.awaitAnyway(durable);
    run.become(ended);
    run.ended().complete(ended);
    run.writer().write(execution.journal().deletions());
  }

  /** Undoes what the engine itself did not. */
  private PatternResult undo(
      Execution execution, PatternEngine<?> engine, PatternResult.Failed failed) {
    Duration limit = rollbackTimeout(engine, execution.run().record().spec().config());
    List<String> notUndone = new ArrayList<>();
    for (RollbackOutcome outcome :
        execution.compensations().run(execution.claim(LAST_ROLLBACK), "", undo -> true, limit)) {
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

  private static <S extends PatternSpec> Duration rollbackTimeout(
      PatternEngine<S> engine, PatternSpec spec) {
    return engine.rollbackTimeout(engine.specType().cast(spec));
  }

  private static JobResult jobResult(
      JobRun run, JobRecord ended, PatternResult.Completed completed, Instant now) {
    long took = Duration.between(ended.life().submittedAt(), now).toMillis();
    return new JobResult(
        ended.jobId(),
        JobState.COMPLETED,
        completed.output(),
        completed.evidence(),
        completed.trace(),
        new JobResult.Metadata(run.ledger().used(), Math.max(0, took), run.ledger().cost(), now));
  }

  /** Leaves the job as the store has it: somebody else owns it, or will. */
  private static Optional<JobRecord> abandon(JobRun run, DimException why) {
    LOG.info("job {} is left to its next owner: {}", run.jobId(), why.getMessage());
    run.ended().completeExceptionally(why);
    return Optional.empty();
  }

  private static ErrorInfo outOfTime(JobRecord record) {
    return ErrorInfo.of(
            ErrorCode.JOB_TIMEOUT,
            "the job did not end within " + record.spec().timeout().toSeconds() + " s")
        .about("job", record.jobId());
  }

  private static ErrorInfo fault(Execution execution, String problem) {
    return ErrorInfo.of(ErrorCode.ENGINE_FAULT, problem).about("job", execution.jobId());
  }
}
