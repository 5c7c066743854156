package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where jobs wait for an expert, for as long as their request allows. Thread-safe. */
final class ReviewDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewDesk.class);

  private final Environment environment;
  private final JobBook book;
  private final Consumer<JobRun> resume;

  /**
   * A desk.
   *
   * @param resume gets each job whose answer is durable
   */
  ReviewDesk(Environment environment, JobBook book, Consumer<JobRun> resume) {
    this.environment = environment;
    this.book = book;
    this.resume = resume;
  }

  /** Waits for a job's review, but no longer than it wants. */
  void await(JobRun run) {
    run.record().review().ifPresent(pending -> await(run, pending));
  }

  private void await(JobRun run, JobRecord.PendingReview pending) {
    pending
        .left(environment.now())
        .ifPresent(
            left ->
                run.reviewAlarm(
                    environment.schedule(
                        left, () -> environment.execute(() -> timeOut(run, pending)))));
  }

  /**
   * Hands in an expert's decisions; they are durable when this returns.
   *
   * @throws DimException with {@link ErrorCode#CONFLICT}, {@link ErrorCode#INVALID_ARGUMENT} or
   *     {@link ErrorCode#UNAVAILABLE}
   */
  void answer(JobRun run, Review review) {
    JobRecord.PendingReview pending =
        run.record().review().orElseThrow(() -> notAsked(run.jobId()));
    requireAnswers(pending.request(), review);
    try {
      environment.await(answer(run, pending, Optional.of(review)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while the review was written")
              .about("job", run.jobId()),
          e);
    } catch (DimException e) {
      throw e.code() == ErrorCode.FENCED
          ? new DimException(
              ErrorInfo.of(ErrorCode.UNAVAILABLE, "the job changes its owner; try again later")
                  .about("job", run.jobId()),
              e)
          : e;
    }
  }

  private void timeOut(JobRun run, JobRecord.PendingReview pending) {
    answer(run, pending, Optional.empty())
        .exceptionally(
            tooLate -> {
              LOG.info("the review of job {} is not waited for any more", run.jobId());
              return null;
            });
  }

  /** The job goes on even if whoever handed the review in does not wait for that. */
  private CompletableFuture<Void> answer(
      JobRun run, JobRecord.PendingReview pending, Optional<Review> review) {
    if (!run.takeReview(pending)) {
      return CompletableFuture.failedFuture(notAsked(run.jobId()));
    }
    Instant now = environment.now();
    ReviewAnswer answer = new ReviewAnswer(review, now, pending.left(now));
    Journal.Entry entry =
        new Journal.Entry(pending.step(), pending.asked(), new Fact.Reviewed(answer));
    JobRecord record = run.record();
    JobRecord resumed = record.with(record.life().in(JobState.PENDING));
    CompletableFuture<Void> durable =
        run.writer()
            .write(List.of(Journal.write(run.jobId(), entry, book.json()), book.put(resumed)));
    return durable.thenRun(
        () -> {
          run.become(resumed);
          resume.accept(run);
        });
  }

  /** Every decision must be of a requested row, and there must be one at least. */
  private static void requireAnswers(ReviewRequest request, Review review) {
    Map<String, String> left = new HashMap<>(review.decisions());
    for (ReviewRequest.Item item : request.items()) {
      String label = left.remove(item.row());
      if (label != null && !request.labels().contains(label)) {
        throw new DimException(
            ErrorCode.INVALID_ARGUMENT,
            "decisions.%s: is no label; allowed: one of %s"
                .formatted(item.row(), request.labels()));
      }
    }
    String allowed = "; allowed: some or all of the %d requested rows";
    if (!left.isEmpty() || review.decisions().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          ("decisions: " + (left.isEmpty() ? "is empty" : "names rows that were not asked for"))
              + allowed.formatted(request.items().size()));
    }
  }

  private static DimException notAsked(String jobId) {
    return new DimException(
        ErrorInfo.of(ErrorCode.CONFLICT, "the job does not wait for a review").about("job", jobId));
  }
}
