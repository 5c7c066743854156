package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The jobs that this orchestrator owns: accepts them, runs them in their turn, and sees them to
 * their end. Thread-safe.
 */
final class JobService {
  private final Environment environment;
  private final JobBook book;
  private final JobRunner runner;
  private final AdmissionQueue queue;
  private final DurationEstimator durations;
  private final Retention retention;
  private final Map<String, JobRun> live = new ConcurrentHashMap<>();

  /** How many jobs run at once, and how many may wait. */
  record QueueLimits(int running, int waiting) {}

  JobService(
      Execution.Shared shared,
      JobBook book,
      QueueLimits limits,
      DurationEstimator durations,
      Retention retention) {
    this.environment = shared.dispatcher().environment();
    this.book = book;
    this.durations = durations;
    this.retention = retention;
    this.runner = new JobRunner(shared, book);
    this.queue = new AdmissionQueue(environment, limits.running(), limits.waiting(), this::begin);
  }

  /** The job, while it has not ended and is owned here. */
  Optional<JobRun> live(String jobId) {
    return Optional.ofNullable(live.get(jobId));
  }

  /** Refuses if no further job can wait. */
  void requireRoom() {
    queue.requireRoom();
  }

  /** Lets an accepted job run in its turn. */
  void admit(JobRun run) {
    JobRecord record = run.record();
    live.put(record.jobId(), run);
    queue.add(record.jobId(), record.id().userId(), record.spec().priority());
  }

  /** Takes over a job that waits for a review. */
  void keepWaiting(JobRun run) {
    live.put(run.jobId(), run);
    scheduleReviewLimit(run);
  }

  /** Takes over a job that was told to stop, only to end it. */
  void finish(JobRun run) {
    live.put(run.jobId(), run);
    environment.execute(() -> runEngine(run));
  }

  /** Asks a job to stop for good, wherever it stands. */
  void stop(JobRun run) {
    run.requestStop(cancelled(run.jobId()));
    boolean waited = queue.remove(run.jobId());
    if (waited || run.record().state() == JobState.AWAITING_REVIEW) {
      environment.execute(() -> runEngine(run));
    }
  }

  /** Stops every job where it stands, for its next owner. */
  void leave(ErrorInfo why) {
    live.values().forEach(run -> run.requestLeave(why));
  }

  /** Stops one job where it stands: it has another owner. */
  void fenced(String jobId) {
    live(jobId)
        .ifPresent(
            run ->
                run.requestLeave(
                    ErrorInfo.of(ErrorCode.FENCED, "another orchestrator owns the job")
                        .about("job", jobId)));
  }

  /** Stops every job where it stands, so that its next owner need not count it as a crash. */
  void handOver() {
    for (JobRun run : live.values()) {
      JobRecord record = run.current();
      if (record.state() == JobState.RUNNING) {
        run.writer().write(List.of(book.put(record.with(record.life().in(JobState.PENDING)))));
      }
    }
    leave(ErrorInfo.of(ErrorCode.UNAVAILABLE, "the orchestrator is shutting down"));
  }

  /** How long a job like this one will probably take. */
  Duration estimate(JobSpec spec) {
    return durations.estimate(kind(spec));
  }

  /** Hands in an expert's decisions. */
  void review(JobRun run, Review review) {
    JobRecord.PendingReview pending =
        run.record()
            .review()
            .orElseThrow(() -> conflict(run.jobId(), "the job does not wait for a review"));
    requireComplete(pending.request(), review);
    answer(run, Optional.of(review));
  }

  private void answer(JobRun run, Optional<Review> review) {
    JobRecord.PendingReview pending =
        run.takeReview()
            .orElseThrow(
                () -> conflict(run.jobId(), "the job does not wait for a review any more"));
    Instant now = environment.now();
    Journal.Entry entry =
        new Journal.Entry(
            pending.step(), pending.asked(), new Fact.Reviewed(new ReviewAnswer(review, now)));
    JobRecord record = run.record();
    JobRecord resumed = record.with(record.life().in(JobState.PENDING));
    try {
      environment.await(
          run.writer()
              .write(List.of(Journal.write(run.jobId(), entry, book.json()), book.put(resumed))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while the review was written"), e);
    }
    run.become(resumed);
    queue.add(run.jobId(), record.id().userId(), record.spec().priority());
  }

  private void scheduleReviewLimit(JobRun run) {
    JobRecord.PendingReview pending = run.record().review().orElseThrow();
    pending
        .request()
        .limit()
        .ifPresent(
            limit ->
                environment.schedule(
                    limit, () -> environment.execute(() -> reviewTimedOut(run, pending))));
  }

  private void reviewTimedOut(JobRun run, JobRecord.PendingReview pending) {
    if (run.record().review().equals(Optional.of(pending))) {
      try {
        answer(run, Optional.empty());
      } catch (DimException answeredMeanwhile) {
        // The review came first: nothing is left to do.
      }
    }
  }

  private void begin(String jobId) {
    environment.execute(
        () -> {
          Optional<JobRun> run = live(jobId);
          Optional<JobRecord> suspended = Optional.empty();
          try {
            suspended = run.flatMap(this::runEngine);
          } finally {
            queue.release(jobId);
          }
          suspended.ifPresent(record -> waitForReview(run.get(), record));
        });
  }

  /** Only after the job slot was given back, since the review may come at once. */
  private void waitForReview(JobRun run, JobRecord waiting) {
    run.become(waiting);
    scheduleReviewLimit(run);
    if (run.stop().reason().isPresent()) {
      environment.execute(() -> runEngine(run));
    }
  }

  private Optional<JobRecord> runEngine(JobRun run) {
    if (!run.tryStart()) {
      return Optional.empty();
    }
    long started = environment.nanoTime();
    try {
      return runner.run(run);
    } finally {
      run.rest();
      if (run.ended().isDone()) {
        live.remove(run.jobId(), run);
      }
      if (run.record().state().isTerminal()) {
        observe(run.record(), Duration.ofNanos(environment.nanoTime() - started));
        retention.ended();
      }
    }
  }

  /** One that failed or was stopped says nothing of how long others take. */
  private void observe(JobRecord ended, Duration took) {
    if (ended.state() == JobState.COMPLETED) {
      durations.observe(kind(ended.spec()), took);
    }
  }

  private static String kind(JobSpec spec) {
    return spec.pattern();
  }

  private static void requireComplete(ReviewRequest request, Review review) {
    for (ReviewRequest.Item item : request.items()) {
      String label = review.decisions().get(item.row());
      if (label == null || !request.labels().contains(label)) {
        throw new DimException(
            ErrorCode.INVALID_ARGUMENT,
            "decisions.%s: %s; allowed: one of %s"
                .formatted(
                    item.row(), label == null ? "is missing" : "is no label", request.labels()));
      }
    }
    if (review.decisions().size() > request.items().size()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "decisions: names rows that were not asked for; allowed: the "
              + request.items().size()
              + " rows of the request");
    }
  }

  static ErrorInfo cancelled(String jobId) {
    return ErrorInfo.of(ErrorCode.CANCELLED, "the job was cancelled").about("job", jobId);
  }

  private static DimException conflict(String jobId, String problem) {
    return new DimException(ErrorInfo.of(ErrorCode.CONFLICT, problem).about("job", jobId));
  }
}
