package io.powernode.dim.core;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.CommitResult;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over jobs whose owner is gone: at the start, and then from time to time. A job that was
 * found running too often is not run again, so that it cannot bring down one owner after the other.
 */
final class Recovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int MAX_TAKEOVERS = 3;

  private final Tenure tenure;
  private final JobBook book;
  private final JobIntake intake;
  private final JobService jobs;
  private final Duration interval;
  private volatile Subscription timer = () -> {};
  private volatile boolean closed;

  Recovery(Tenure tenure, JobBook book, JobIntake intake, JobService jobs, Duration interval) {
    this.tenure = tenure;
    this.book = book;
    this.intake = intake;
    this.jobs = jobs;
    this.interval = interval;
  }

  /** Looks once, and from then on at every interval. */
  void start() {
    sweep();
    timer =
        tenure.environment().schedule(interval, () -> tenure.environment().execute(this::again));
  }

  private void again() {
    if (!closed) {
      start();
    }
  }

  private void sweep() {
    for (JobState state : List.of(JobState.RUNNING, JobState.PENDING, JobState.AWAITING_REVIEW)) {
      for (JobBook.Versioned found : book.inState(state)) {
        if (found.record().life().epoch() != tenure.epoch()) {
          takeOver(found);
        }
      }
    }
  }

  private void takeOver(JobBook.Versioned found) {
    JobRecord record = found.record();
    boolean wasRunning = record.state() == JobState.RUNNING;
    JobRecord mine =
        record.with(
            record
                .life()
                .ownedBy(tenure.epoch(), record.life().takeovers() + (wasRunning ? 1 : 0))
                .in(wasRunning ? JobState.PENDING : record.state()));
    Commit commit =
        tenure.commit(
            List.of(
                new Guard.AtVersion(Keys.job(record.jobId()), found.version()),
                new Guard.EndedSession(record.life().epoch()),
                new Guard.LiveSession(tenure.epoch())),
            List.of(book.put(mine)));
    tenure
        .store()
        .commit(commit)
        .thenAccept(
            result -> {
              if (result instanceof CommitResult.Committed) {
                goOn(mine, found.version() + 1);
              }
            });
  }

  private void goOn(JobRecord record, long version) {
    String jobId = record.jobId();
    JobRun run =
        intake.run(new JobIntake.Accepted(record, false), version, () -> jobs.fenced(jobId));
    if (record.life().takeovers() > MAX_TAKEOVERS) {
      LOG.error("job {} was found running {} times; it is not run again", jobId, MAX_TAKEOVERS);
      run.requestStop(
          ErrorInfo.of(
                  ErrorCode.QUARANTINED,
                  "the orchestrator died " + MAX_TAKEOVERS + " times while it ran the job")
              .about("job", jobId));
      jobs.finish(run);
    } else if (book.read(Keys.cancel(jobId), Boolean.class).isPresent()) {
      run.requestStop(JobService.cancelled(jobId));
      jobs.finish(run);
    } else if (record.state() == JobState.AWAITING_REVIEW) {
      jobs.keepWaiting(run);
    } else {
      jobs.admit(run);
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
