package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Review;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes down what somebody asks for a job, whoever owns it and whether or not its owner lives. It
 * is durable when a call returns; the owner heeds it. Thread-safe.
 */
record Intents(Committing committing, JobBook book) {

  /**
   * Asks for a job to be cancelled, unless it has ended.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if that is not durable
   */
  void cancel(String jobId) {
    write(
        jobId,
        record ->
            record.state().isTerminal() ? Optional.empty() : Optional.of(new Intent.Cancel(jobId)));
  }

  /**
   * Hands in a review. One for each request is taken.
   *
   * @return what is durable now
   * @throws DimException with {@link ErrorCode#CONFLICT}, {@link ErrorCode#INVALID_ARGUMENT} or
   *     {@link ErrorCode#UNAVAILABLE}
   */
  Intent review(String jobId, Review review) {
    return write(jobId, record -> Optional.of(answer(record, review)))
        .orElseThrow(() -> conflict(jobId, "a review was handed in already"));
  }

  private Intent answer(JobRecord record, Review review) {
    String jobId = record.jobId();
    if (record.state() != JobState.AWAITING_REVIEW) {
      String state = record.state().name().toLowerCase(Locale.ROOT);
      throw conflict(jobId, "the job does not wait for a review; it is " + state);
    }
    JobRecord.PendingReview pending = record.review().orElseThrow();
    if (pending.isOver()) {
      throw conflict(jobId, "the time for the review is over");
    }
    ReviewDesk.requireAnswers(pending.request(), review);
    ReviewAnswer answer =
        new ReviewAnswer(Optional.of(review), committing.environment().now(), pending.left());
    return new Intent.Answer(jobId, pending.step(), answer);
  }

  /**
   * Writes what is wanted of the job as it stands.
   *
   * @param wish empty if nothing is
   * @return what was written; empty if nothing is wanted, or it was asked for before
   */
  private Optional<Intent> write(String jobId, Function<JobRecord, Optional<Intent>> wish) {
    while (true) {
      JobBook.Versioned found = book.require(jobId);
      Optional<Intent> intent = wish.apply(found.record());
      if (intent.isEmpty()) {
        return intent;
      }
      CommitResult result = commit(found, intent.get());
      if (result instanceof CommitResult.Refused) {
        throw new DimException(
            ErrorInfo.of(
                    ErrorCode.UNAVAILABLE, "the request could not be made durable; try again later")
                .about("job", jobId));
      }
      if (result instanceof CommitResult.Committed) {
        return intent;
      }
      if (((CommitResult.Conflict) result).failed() instanceof Guard.Absent) {
        return Optional.empty();
      }
    }
  }

  private CommitResult commit(JobBook.Versioned found, Intent intent) {
    List<Guard> guards =
        List.of(
            new Guard.AtVersion(Keys.job(intent.jobId()), found.version()),
            new Guard.Absent(intent.key()));
    return committing.settled(
        committing.handIn(
            committing.commit(Keys.INTENT_STREAM, guards, List.of(book.put(intent)))));
  }

  private static DimException conflict(String jobId, String why) {
    return new DimException(ErrorInfo.of(ErrorCode.CONFLICT, why).about("job", jobId));
  }
}
