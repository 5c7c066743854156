package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.CommitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over jobs that nobody runs: at the start, and then from time to time. Their owner is gone,
 * or this orchestrator itself lost sight of them because the store failed at a bad moment. Heeds
 * requests to cancel that were written elsewhere. A job that was found running too often is not run
 * again, so that it cannot bring down one owner after the other.
 */
final class Recovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int MAX_TAKEOVERS = 3;

  private final Tenure tenure;
  private final JobBook book;
  private final JobIntake intake;
  private final JobService jobs;
  private final Duration interval;
  private final LongPredicate isOurs;
  private Map<String, Long> unseen = new HashMap<>();
  private volatile Subscription timer = () -> {};
  private volatile boolean closed;

  /**
   * A recovery.
   *
   * @param interval at which it looks
   * @param isOurs whether a session was one of this orchestrator's own, which did not die then
   */
  Recovery(
      Tenure tenure,
      JobBook book,
      JobIntake intake,
      JobService jobs,
      Duration interval,
      LongPredicate isOurs) {
    this.tenure = tenure;
    this.book = book;
    this.intake = intake;
    this.jobs = jobs;
    this.interval = interval;
    this.isOurs = isOurs;
  }

  /** Looks once, and from then on at every interval. */
  void start() {
    try {
      sweep();
    } catch (RuntimeException unavailable) {
      LOG.warn("jobs without an owner could not be looked for; trying again", unavailable);
    }
    try {
      timer =
          tenure.environment().schedule(interval, () -> tenure.environment().execute(this::again));
    } catch (RejectedExecutionException shutDown) {
      closed = true;
    }
  }

  private void again() {
    if (!closed) {
      start();
    }
  }

  private void sweep() {
    Map<String, Long> lost = new HashMap<>();
    for (JobState state : List.of(JobState.RUNNING, JobState.PENDING, JobState.AWAITING_REVIEW)) {
      book.inState(state, page -> takeOver(page, lost));
    }
    unseen = lost;
    book.cancelled(jobId -> jobs.live(jobId).ifPresent(jobs::cancel));
  }

  /** Hands in all commits of a page before it waits for the first. */
  private void takeOver(List<JobBook.Versioned> page, Map<String, Long> lost) {
    List<Taking> takings = new ArrayList<>();
    for (JobBook.Versioned found : page) {
      if (!closed && isDue(found, lost)) {
        JobRecord mine = owned(found.record());
        takings.add(
            new Taking(
                mine,
                found.version() + 1,
                tenure.handIn(tenure.commit(guards(found), List.of(book.put(mine))))));
      }
    }
    for (Taking taking : takings) {
      if (isCommitted(taking.commit)) {
        goOn(taking);
      }
    }
  }

  /** A job that will be this orchestrator's if the commit succeeds. */
  private record Taking(JobRecord record, long version, CompletableFuture<CommitResult> commit) {}

  /** A job of this very session counts as lost only if it is found twice without any change. */
  private boolean isDue(JobBook.Versioned found, Map<String, Long> lost) {
    JobRecord record = found.record();
    if (record.life().epoch() != tenure.epoch()) {
      return true;
    }
    if (jobs.live(record.jobId()).isPresent()) {
      return false;
    }
    lost.put(record.jobId(), found.version());
    return Long.valueOf(found.version()).equals(unseen.get(record.jobId()));
  }

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
    boolean mayHaveKilled = wasRunning && !isOurs.test(life.epoch());
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

  private void goOn(Taking taken) {
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
    } else if (book.isCancelled(jobId)) {
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

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
