package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.CommitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes jobs that nobody runs this orchestrator's own, and goes on with them. A job that was found
 * running too often is not run again, so that it cannot bring down one owner after the other.
 */
final class TakeOver {
  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
  static final int MAX_TAKEOVERS = 3;

  private final Tenure tenure;
  private final JobBook book;
  private final JobIntake intake;
  private final JobService jobs;
  private final LongPredicate isOurs;

  /**
   * A take-over.
   *
   * @param isOurs whether a session was one of this orchestrator's own, which did not die then
   */
  TakeOver(Tenure tenure, JobBook book, JobIntake intake, JobService jobs, LongPredicate isOurs) {
    this.tenure = tenure;
    this.book = book;
    this.intake = intake;
    this.jobs = jobs;
    this.isOurs = isOurs;
  }

  /** Hands in the commits that make jobs this orchestrator's own. */
  List<Taking> begin(List<JobBook.Versioned> found) {
    List<Taking> takings = new ArrayList<>();
    for (JobBook.Versioned job : found) {
      guarded(job.record().jobId(), () -> takings.add(begun(job)));
    }
    return takings;
  }

  /**
   * Waits for the commits, and goes on with the jobs.
   *
   * @param cancelled which jobs are to be cancelled
   */
  void end(List<Taking> takings, Set<String> cancelled) {
    for (Taking taking : takings) {
      String jobId = taking.record.jobId();
      guarded(jobId, () -> end(taking, cancelled.contains(jobId)));
    }
  }

  /** One job that cannot be taken over must not keep the others from it. */
  private static void guarded(String jobId, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      LOG.error("job {} could not be taken over", jobId, e);
    }
  }

  private Taking begun(JobBook.Versioned job) {
    JobRecord mine = owned(job.record());
    Commit commit = tenure.commit(guards(job), List.of(book.put(mine)));
    return new Taking(mine, job.version() + 1, tenure.handIn(commit));
  }

  private void end(Taking taking, boolean isCancelled) {
    if (isCommitted(taking.commit)) {
      goOn(taking, isCancelled);
    }
  }

  /** Whether a session was one of this orchestrator's own, which did not die then. */
  boolean isOurs(long epoch) {
    return isOurs.test(epoch);
  }

  /** A job that will be this orchestrator's if the commit succeeds. */
  record Taking(JobRecord record, long version, CompletableFuture<CommitResult> commit) {}

  private List<Guard> guards(JobBook.Versioned found) {
    JobRecord record = found.record();
    List<Guard> guards = new ArrayList<>();
    guards.add(new Guard.AtVersion(Keys.job(record.jobId()), found.version()));
    guards.add(new Guard.LiveSession(tenure.epoch()));
    if (record.life().epoch() != tenure.epoch()) {
      guards.add(new Guard.EndedSession(record.life().epoch()));
    }
    return guards;
  }

  private JobRecord owned(JobRecord record) {
    JobRecord.Lifecycle life = record.life();
    boolean wasRunning = record.state() == JobState.RUNNING;
    boolean mayHaveKilled = wasRunning && !isOurs(life.epoch());
    return record.with(
        life.ownedBy(tenure.epoch(), life.takeovers() + (mayHaveKilled ? 1 : 0))
            .in(wasRunning ? JobState.PENDING : record.state()));
  }

  private boolean isCommitted(CompletableFuture<CommitResult> commit) {
    try {
      return tenure.settled(commit) instanceof CommitResult.Committed;
    } catch (DimException unavailable) {
      return false;
    }
  }

  private void goOn(Taking taken, boolean isCancelled) {
    JobRecord record = taken.record;
    String jobId = record.jobId();
    JobRun run = intake.run(record, taken.version, false, () -> jobs.fenced(jobId));
    if (record.life().takeovers() >= MAX_TAKEOVERS) {
      LOG.error("job {} was found running {} times; it is not run again", jobId, MAX_TAKEOVERS);
      run.requestStop(
          ErrorInfo.of(
                  ErrorCode.QUARANTINED,
                  "the orchestrator died " + MAX_TAKEOVERS + " times while it ran the job")
              .about("job", jobId));
    } else if (isCancelled) {
      run.requestStop(JobService.cancelled(jobId));
    } else {
      record.error().ifPresent(run::requestStop);
    }
    if (run.stop().reason().isPresent()) {
      jobs.finish(run);
    } else {
      jobs.admit(run);
    }
  }
}
