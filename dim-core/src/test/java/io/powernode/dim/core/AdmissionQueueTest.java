package io.powernode.dim.core;

import static io.powernode.dim.api.Priority.HIGH;
import static io.powernode.dim.api.Priority.LOW;
import static io.powernode.dim.api.Priority.NORMAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionQueueTest {
  private final ManualEnvironment env = new ManualEnvironment();
  private final List<String> started = new ArrayList<>();
  private final AdmissionQueue queue = queue(1, 10_000);

  @Test
  void job_whenASlotIsFree_startsAtOnce() {
    assertThat(offer(queue, "first", "ann", NORMAL)).isTrue();
    assertThat(offer(queue, "second", "ann", NORMAL)).isFalse();

    assertThat(started).containsExactly("first");
    assertThat(queue.running()).isEqualTo(1);
    assertThat(queue.waiting()).isEqualTo(1);
  }

  @Test
  void release_ofARunningJob_startsTheNextOnce() {
    offerAll("a:ann:NORMAL", "b:ann:NORMAL", "c:ann:NORMAL");

    queue.release("a");
    queue.release("a");
    queue.release("unknown");

    assertThat(started).containsExactly("a", "b");
    assertThat(queue.running()).isEqualTo(1);
    assertThat(queue.waiting()).isEqualTo(1);
  }

  @Test
  void tryStart_byTheCaller_takesAFreeSlotButNobodysTurn() {
    AdmissionQueue two = queue(2, 10);

    assertThat(two.tryStart("a", two.reserve())).isTrue();
    assertThat(two.tryStart("a", two.reserve())).isFalse();
    assertThat(two.tryStart("b", two.reserve())).isTrue();
    assertThat(two.tryStart("c", two.reserve())).isFalse();
    assertThat(offer(two, "d", "ann", NORMAL)).isFalse();
    assertThat(started).isEmpty();

    two.release("a");
    assertThat(started).containsExactly("d");
    two.release("b");
    assertThat(two.tryStart("c", two.reserve())).isTrue();
    assertThat(two.running()).isEqualTo(2);
  }

  /** Jobs as id:user:priority, offered while another one runs, and the order of their starts. */
  static Stream<Arguments> orders() {
    return Stream.of(
        Arguments.of(
            "one user's jobs in order of arrival",
            List.of("a:ann:NORMAL", "b:ann:NORMAL", "c:ann:NORMAL"),
            List.of("a", "b", "c")),
        Arguments.of(
            "priorities before arrival",
            List.of("l:ann:LOW", "n:ann:NORMAL", "h:ann:HIGH", "h2:ann:HIGH"),
            List.of("h", "h2", "n", "l")),
        Arguments.of(
            "users take turns",
            List.of("a1:ann:LOW", "a2:ann:LOW", "a3:ann:LOW", "b1:bob:LOW", "b2:bob:LOW"),
            List.of("a1", "b1", "a2", "b2", "a3")),
        Arguments.of(
            "turns are a priority's own",
            List.of("a1:ann:LOW", "b1:bob:LOW", "a2:ann:HIGH", "b2:bob:HIGH", "a3:ann:HIGH"),
            List.of("a2", "b2", "a3", "a1", "b1")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("orders")
  void jobs_thatCameTogether_startInOrder(String name, List<String> jobs, List<String> order) {
    offer(queue, "running", "zoe", NORMAL);
    offerAll(jobs.toArray(String[]::new));

    drain("running");

    assertThat(started.subList(1, started.size())).isEqualTo(order);
  }

  @Test
  void singleJob_behindAnotherUsersThousand_isNext() {
    for (int i = 0; i < 1_000; i++) {
      offer(queue, "a" + i, "ann", NORMAL);
    }
    offer(queue, "b", "bob", NORMAL);

    queue.release("a0");
    queue.release("a1");

    assertThat(started).containsExactly("a0", "a1", "b");
  }

  @Test
  void turn_afterAJobWasRemoved_isNotLost() {
    offer(queue, "running", "zoe", NORMAL);
    offerAll("a1:ann:NORMAL", "b1:bob:NORMAL", "a2:ann:NORMAL");

    assertThat(queue.remove("a1")).isTrue();
    drain("running");

    assertThat(started).containsExactly("running", "a2", "b1");
  }

  @ParameterizedTest
  @CsvSource({
    "LOW, HIGH, 59, second",
    "LOW, HIGH, 60, second",
    "LOW, HIGH, 61, first",
    "LOW, NORMAL, 29, second",
    "LOW, NORMAL, 31, first",
    "NORMAL, HIGH, 29, second",
    "NORMAL, HIGH, 31, first",
    "HIGH, LOW, 0, first"
  })
  void priority_isWorthThirtySecondsALevel(
      Priority first, Priority second, long secondsBetween, String next) {
    offer(queue, "running", "zoe", NORMAL);
    offer(queue, "first", "ann", first);
    env.advance(Duration.ofSeconds(secondsBetween));
    offer(queue, "second", "bob", second);

    queue.release("running");

    assertThat(started).containsExactly("running", next);
  }

  @Test
  void lowJob_underAnEndlessStreamOfHighOnes_startsWithinAMinute() {
    offer(queue, "high-0", "ann", HIGH);
    offer(queue, "low", "bob", LOW);

    int seconds = 0;
    while (!started.contains("low")) {
      offer(queue, "high-" + (seconds + 1), "ann", HIGH);
      env.advance(Duration.ofSeconds(1));
      queue.release("high-" + seconds);
      seconds++;
      assertThat(seconds).isLessThanOrEqualTo(62);
    }

    assertThat(seconds).isGreaterThanOrEqualTo(60);
  }

  @Test
  void oldUser_underAnEndlessStreamOfNewUsers_keepsGettingTurns() {
    offer(queue, "running", "zoe", NORMAL);
    offerAll("old-0:ann:NORMAL", "old-1:ann:NORMAL", "old-2:ann:NORMAL");
    String running = "running";

    for (int i = 0; i < 20; i++) {
      offer(queue, "new-" + 2 * i, "user-" + 2 * i, NORMAL);
      offer(queue, "new-" + (2 * i + 1), "user-" + (2 * i + 1), NORMAL);
      queue.release(running);
      running = started.get(started.size() - 1);
    }

    assertThat(started).contains("old-0", "old-1", "old-2");
  }

  @Test
  void offer_toAFullQueue_isRefusedWithAHint() {
    AdmissionQueue small = queue(1, 2);
    offer(small, "a", "ann", NORMAL);
    offer(small, "b", "ann", NORMAL);
    offer(small, "c", "ann", NORMAL);

    assertThatThrownBy(() -> offer(small, "d", "bob", HIGH))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
              assertThat(e.retryable()).isTrue();
              assertThat(e.subject()).containsEntry("retryAfterSeconds", "1");
              assertThat(e).hasMessage("the job queue is full: 2 wait; try again in 1 s");
            });
    assertThat(small.waiting()).isEqualTo(2);

    small.release("a");
    assertThat(offer(small, "d", "bob", HIGH)).isFalse();
  }

  @Test
  void offer_toAQueueThatHoldsNone_isRefusedOnlyWhenAllSlotsAreTaken() {
    AdmissionQueue none = queue(1, 0);

    assertThat(offer(none, "a", "ann", NORMAL)).isTrue();
    assertThatThrownBy(() -> offer(none, "b", "ann", NORMAL)).isInstanceOf(DimException.class);
  }

  @Test
  void hint_afterJobsEnded_isTheTimeBetweenThem() {
    AdmissionQueue small = queue(1, 3);
    offerAll(small, "a:ann:LOW", "b:ann:LOW", "c:ann:LOW", "d:ann:LOW");
    env.advance(Duration.ofHours(1));
    small.release("a");
    env.advance(Duration.ofMillis(6_500));
    small.release("b");
    offerAll(small, "e:ann:LOW", "f:ann:LOW");

    assertThatThrownBy(() -> offer(small, "g", "ann", LOW))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> assertThat(e.subject()).containsEntry("retryAfterSeconds", "7"));
  }

  @Test
  void add_toAFullQueue_isTaken() {
    AdmissionQueue small = queue(1, 1);
    offerAll(small, "a:ann:NORMAL", "b:ann:NORMAL");

    assertThat(small.add("c", "ann", NORMAL)).isFalse();
    assertThat(small.waiting()).isEqualTo(2);

    small.release("a");
    small.release("b");
    assertThat(started).containsExactly("a", "b", "c");
  }

  @Test
  void remove_ofAJobThatDoesNotWait_answersNo() {
    offer(queue, "running", "ann", NORMAL);

    assertThat(queue.remove("running")).isFalse();
    assertThat(queue.remove("unknown")).isFalse();
    assertThat(queue.running()).isEqualTo(1);
  }

  @Test
  void job_thatIsAlreadyThere_isRefused() {
    offerAll("a:ann:NORMAL", "b:ann:NORMAL");

    assertThatThrownBy(() -> offer(queue, "a", "ann", NORMAL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.add("b", "ann", NORMAL))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void starter_thatEndsJobsAtOnce_keepsOrderAndStack() {
    AdmissionQueue[] self = new AdmissionQueue[1];
    self[0] =
        new AdmissionQueue(
            env,
            1,
            200_000,
            job -> {
              started.add(job);
              if (!job.equals("first")) {
                self[0].release(job);
              }
            });
    offer(self[0], "first", "ann", NORMAL);
    for (int i = 0; i < 100_000; i++) {
      offer(self[0], "job-" + i, "ann", NORMAL);
    }

    self[0].release("first");

    assertThat(started).hasSize(100_001).endsWith("job-99999").doesNotHaveDuplicates();
    assertThat(self[0].running()).isZero();
  }

  @Test
  void starter_thatThrows_doesNotWedgeTheQueue() {
    AdmissionQueue faulty =
        new AdmissionQueue(
            env,
            2,
            10,
            job -> {
              started.add(job);
              if (job.equals("bad")) {
                throw new IllegalStateException("refused");
              }
            });

    assertThatThrownBy(() -> offer(faulty, "bad", "ann", NORMAL)).hasMessage("refused");
    offer(faulty, "good", "ann", NORMAL);

    assertThat(started).containsExactly("bad", "good");
  }

  @Test
  void jobs_offeredAndReleasedByManyThreads_startOnceAndWithinTheSlots() throws Exception {
    int jobs = 2_000;
    BlockingQueue<String> running = new LinkedBlockingQueue<>();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    AdmissionQueue shared = new AdmissionQueue(env, 3, 2 * jobs, running::add);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        String user = "user-" + thread;
        work.add(
            () -> {
              for (int i = 0; i < jobs; i++) {
                offer(shared, user + "-" + i, user, NORMAL);
              }
              return null;
            });
        work.add(
            () -> {
              for (int i = 0; i < jobs; i++) {
                String job = running.take();
                assertThat(seen.add(job)).isTrue();
                assertThat(shared.running()).isLessThanOrEqualTo(3);
                shared.release(job);
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(seen).hasSize(2 * jobs);
    assertThat(shared.running()).isZero();
    assertThat(shared.waiting()).isZero();
  }

  @Test
  void reserve_upToTheBound_keepsTheRoomUntilUsedOrGivenBack() {
    AdmissionQueue bounded = queue(1, 1);
    AdmissionQueue.Place first = bounded.reserve();
    AdmissionQueue.Place second = bounded.reserve();
    assertThatThrownBy(bounded::reserve).isInstanceOf(DimException.class);

    second.close();
    second.close();
    bounded.add("a", "ann", NORMAL, first);
    first.close();
    AdmissionQueue.Place third = bounded.reserve();
    assertThatThrownBy(bounded::reserve).isInstanceOf(DimException.class);
    bounded.add("b", "ann", NORMAL, third);
    assertThatThrownBy(bounded::reserve).isInstanceOf(DimException.class);
    bounded.release("a");
    bounded.release("b");
    assertThat(started).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, maxConcurrentJobs", "1, -1, maxQueuedJobs"})
  void bounds_outOfRange_areRefusedByName(int running, int waiting, String field) {
    assertThatThrownBy(() -> queue(running, waiting))
        .isInstanceOf(DimException.class)
        .hasMessageStartingWith(field + ": is out of range; allowed: ");
  }

  private AdmissionQueue queue(int maxRunning, int maxWaiting) {
    return new AdmissionQueue(env, maxRunning, maxWaiting, started::add);
  }

  private static boolean offer(AdmissionQueue to, String jobId, String userId, Priority priority) {
    return to.add(jobId, userId, priority, to.reserve());
  }

  private void offerAll(String... jobs) {
    offerAll(queue, jobs);
  }

  private static void offerAll(AdmissionQueue to, String... jobs) {
    for (String job : jobs) {
      String[] parts = job.split(":");
      offer(to, parts[0], parts[1], Priority.valueOf(parts[2]));
    }
  }

  /** Lets the running job end, and then every job that starts. */
  private void drain(String running) {
    queue.release(running);
    for (int i = 1; i < started.size(); i++) {
      queue.release(started.get(i));
    }
  }
}
