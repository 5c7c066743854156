package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Jobs that wait for a person. */
class JobReviewTest extends JobEngineFixture {
  @Test
  void close_jobWaitsForReview_whoWaitsIsToldAtOnce() {
    Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build();
    JobHandle job = dim.submit(JOB);
    Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
    CompletableFuture<Throwable> told =
        CompletableFuture.supplyAsync(() -> catchThrowable(() -> job.await(LIMIT)));
    dim.close();

    Awaitility.await().atMost(Duration.ofSeconds(5)).until(told::isDone);
    assertCode(told.join(), ErrorCode.UNAVAILABLE);
  }

  @Test
  void review_twice_secondIsRefused() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      dim.review(job.jobId(), YES);

      assertCode(catchThrowable(() -> dim.review(job.jobId(), YES)), ErrorCode.CONFLICT);
      job.await(LIMIT);
      assertCode(catchThrowable(() -> dim.review(job.jobId(), YES)), ErrorCode.CONFLICT);
    }
  }

  @Test
  void review_cancelledAtTheSameTime_endsEachJobOnceAndForGood() {
    Environment environment = Environment.system();
    FaultyStore store = new FaultyStore(environment);
    Map<String, List<JobState>> heard = new ConcurrentHashMap<>();
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .environment(environment)
            .store(store)
            .listener(
                update ->
                    heard
                        .computeIfAbsent(update.jobId(), id -> new CopyOnWriteArrayList<>())
                        .add(update.state()))
            .build()) {
      for (int i = 0; i < 50; i++) {
        JobHandle job = dim.submit(JOB);
        Awaitility.await()
            .pollInterval(Duration.ofMillis(5))
            .until(() -> job.status().state() == JobState.AWAITING_REVIEW);
        CompletableFuture<Throwable> review =
            CompletableFuture.supplyAsync(() -> catchThrowable(() -> dim.review(job.jobId(), YES)));
        job.cancel();
        catchThrowable(() -> job.await(LIMIT));

        assertThat(job.status().state().isTerminal()).isTrue();
        if (review.join() != null) {
          assertCode(review.join(), ErrorCode.CONFLICT);
        }
        assertThat(job.status().state()).isIn(JobState.COMPLETED, JobState.CANCELLED);
      }
      assertThat(store.scan(Keys.INTENTS, "", Optional.empty(), 10).entries()).isEmpty();
      assertThat(store.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries()).isEmpty();
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(heard.values())
                      .hasSize(50)
                      .allSatisfy(
                          states ->
                              assertThat(states.stream().filter(JobState::isTerminal)).hasSize(1)));
    } finally {
      environment.close();
    }
  }

  @Test
  void review_limitPasses_engineGoesOnWithoutIt() {
    ReviewRequest hasty =
        new ReviewRequest(ASK.labels(), ASK.items(), Optional.of(Duration.ofMillis(30)));
    try (Orchestrator dim =
        builder(
                c ->
                    c.review("ask", hasty)
                        .map(answer -> answer.review().isEmpty() ? done() : null)
                        .orElseGet(PatternResult::awaitingReview))
            .build()) {
      dim.submit(JOB).await(LIMIT);
    }
  }

  @Test
  void cancel_jobWaitsForReview_endsIt() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);
      job.cancel();

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.CANCELLED);
      assertThat(job.status().review()).isEmpty();
    }
  }

  @Test
  void review_waitingJobs_holdNoSlot() {
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .maxConcurrentJobs(1)
            .build()) {
      List<JobHandle> jobs = List.of(dim.submit(JOB), dim.submit(JOB), dim.submit(JOB));

      Awaitility.await()
          .until(
              () ->
                  jobs.stream().allMatch(job -> job.status().state() == JobState.AWAITING_REVIEW));
    }
  }
}
