package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that wait for a person. */
class JobReviewTest extends JobEngineFixture {
  private static final ReviewRequest TWO =
      new ReviewRequest(
          List.of("y", "n"),
          List.of(
              new ReviewRequest.Item("a", Map.of(), 0.5),
              new ReviewRequest.Item("b", Map.of(), 0.5)),
          Optional.empty());

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

  @ParameterizedTest
  @CsvSource({
    "'', decisions: is empty; allowed: some or all of the 2 requested rows",
    "'a=y,c=y', decisions: names rows that were not asked for; allowed: some or all of the 2",
    "'a=y,b=x', 'decisions.b: is no label; allowed: one of [y, n]'",
  })
  void review_thatDoesNotFitTheRequest_isRefusedAndTheJobGoesOnWaiting(
      String decisions, String problem) {
    try (Orchestrator dim =
        builder(c -> c.review("ask", TWO).isEmpty() ? PatternResult.awaitingReview() : done())
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().state() == JobState.AWAITING_REVIEW);

      Throwable refused = catchThrowable(() -> dim.review(job.jobId(), review(decisions)));
      assertCode(refused, ErrorCode.INVALID_ARGUMENT);
      assertThat(refused).hasMessageStartingWith(problem);
      assertThat(job.status().review()).contains(TWO);
    }
  }

  private static Review review(String decisions) {
    Map<String, String> labels = new HashMap<>();
    for (String decision : decisions.isEmpty() ? new String[0] : decisions.split(",")) {
      labels.put(decision.split("=")[0], decision.split("=")[1]);
    }
    return new Review("ann", labels, Optional.empty());
  }

  @Test
  void review_ofSomeRows_runsTheEngineWhichMayAskForTheRest() {
    ReviewRequest rest = new ReviewRequest(TWO.labels(), TWO.items().subList(1, 2), TWO.limit());
    List<Review> seen = new CopyOnWriteArrayList<>();
    try (Orchestrator dim =
        builder(
                c -> {
                  Optional<ReviewAnswer> first = c.review("ask", TWO);
                  Optional<ReviewAnswer> second =
                      first.isEmpty() ? Optional.empty() : c.review("ask/2", rest);
                  if (second.isEmpty()) {
                    return PatternResult.awaitingReview();
                  }
                  seen.add(first.get().review().orElseThrow());
                  seen.add(second.get().review().orElseThrow());
                  return done();
                })
            .build()) {
      JobHandle job = dim.submit(JOB);
      Awaitility.await().until(() -> job.status().review().equals(Optional.of(TWO)));
      dim.review(job.jobId(), review("a=y"));
      Awaitility.await().until(() -> job.status().review().equals(Optional.of(rest)));
      Throwable again = catchThrowable(() -> dim.review(job.jobId(), review("a=n,b=n")));
      assertCode(again, ErrorCode.INVALID_ARGUMENT);
      dim.review(job.jobId(), review("b=n"));

      job.await(LIMIT);
      assertThat(seen).containsExactly(review("a=y"), review("b=n"));
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
  void cancel_byAListenerAsSoonAsTheJobWaits_endsIt() {
    Environment environment = new HereEnvironment();
    AtomicReference<Orchestrator> host = new AtomicReference<>();
    try (Orchestrator dim =
        builder(c -> c.review("ask", ASK).isEmpty() ? PatternResult.awaitingReview() : done())
            .environment(environment)
            .listener(
                update -> {
                  if (update.state() == JobState.AWAITING_REVIEW) {
                    host.get().cancel(update.jobId());
                  }
                })
            .build()) {
      host.set(dim);
      JobHandle job = dim.submit(JOB);

      assertCode(catchThrowable(() -> job.await(LIMIT)), ErrorCode.CANCELLED);
    } finally {
      environment.close();
    }
  }

  /** Does all work on the thread that hands it out, so at once. */
  private static final class HereEnvironment implements Environment {
    private final Environment system = Environment.system();

    @Override
    public Instant now() {
      return system.now();
    }

    @Override
    public long nanoTime() {
      return system.nanoTime();
    }

    @Override
    public RandomGenerator random() {
      return system.random();
    }

    @Override
    public String newId(String prefix) {
      return system.newId(prefix);
    }

    @Override
    public void execute(Runnable work) {
      work.run();
    }

    @Override
    public Subscription schedule(Duration delay, Runnable action) {
      return system.schedule(delay, action);
    }

    @Override
    public <T> T await(CompletionStage<T> stage) throws InterruptedException {
      return system.await(stage);
    }

    @Override
    public void close() {
      system.close();
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
