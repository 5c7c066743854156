package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where jobs wait for an expert, for as long as their request allows. Answers come as intents, from
 * whichever orchestrator they were handed in at. Thread-safe.
 */
final class ReviewDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewDesk.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

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
        .left()
        .ifPresent(
            left ->
                run.reviewTime(
                    Countdown.start(
                        environment,
                        left,
                        (now, isOver) -> passed(run, pending.left(now), isOver))));
  }

  /** Once it is durable that no time is left, no answer can come in any more. */
  private void passed(JobRun run, JobRecord.PendingReview pending, BooleanSupplier isOver) {
    JobRecord waiting = run.record().withReview(Optional.of(pending));
    CompletableFuture<Void> durable = run.writer().writeUnless(isOver, List.of(book.put(waiting)));
    if (pending.isOver()) {
      durable.thenRun(() -> environment.execute(() -> timeOut(run, pending)));
    }
  }

  /** An answer that came in time counts, although it was not heeded yet. */
  private void timeOut(JobRun run, JobRecord.PendingReview pending) {
    Optional<Intent.Answer> inTime;
    try {
      inTime = book.answer(run.jobId(), pending.step());
    } catch (RuntimeException unavailable) {
      LOG.warn("the review of job {} could not be looked for; trying again", run.jobId());
      environment.schedule(RETRY, () -> environment.execute(() -> timeOut(run, pending)));
      return;
    }
    ReviewAnswer late =
        new ReviewAnswer(Optional.empty(), environment.now(), Optional.of(Duration.ZERO));
    heed(run, inTime.orElseGet(() -> new Intent.Answer(run.jobId(), pending.step(), late)));
  }

  /** Lets a job go on with an answer, if it still waits for that one. */
  void heed(JobRun run, Intent.Answer answer) {
    Optional<Duration> left = run.reviewTime();
    Optional<JobRecord.PendingReview> taken = run.takeReview(answer.step());
    if (taken.isEmpty()) {
      return;
    }
    JobRecord.PendingReview pending = taken.get();
    ReviewAnswer given = answer.answer();
    ReviewAnswer heeded = new ReviewAnswer(given.review(), given.at(), left.or(given::left));
    Journal.Entry entry =
        new Journal.Entry(pending.step(), pending.asked(), new Fact.Reviewed(heeded));
    JobRecord record = run.record();
    JobRecord resumed =
        record.with(record.life().in(JobState.PENDING)).withReview(Optional.empty());
    run.writer()
        .write(
            List.of(
                Journal.write(run.jobId(), entry, book.json()),
                book.put(resumed),
                new Write.Delete(answer.key())))
        .thenRun(() -> run.become(resumed))
        .whenComplete(
            (done, lost) -> {
              if (lost == null || hasToEnd(run)) {
                resume.accept(run);
              }
            });
  }

  /** Nobody else ends a job whose review was taken. */
  private static boolean hasToEnd(JobRun run) {
    return run.stop().reason().isPresent() && run.leave().reason().isEmpty();
  }

  /** Every decision must be of a requested row, and there must be one at least. */
  static void requireAnswers(ReviewRequest request, Review review) {
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
}
