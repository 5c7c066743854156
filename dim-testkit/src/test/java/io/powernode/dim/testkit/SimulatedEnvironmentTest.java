package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedEnvironmentTest {
  private final SimulatedEnvironment environment = new SimulatedEnvironment(7);
  private final List<String> history = new ArrayList<>();

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void racyProgram_underTheSameSeed_hasTheSameHistory() {
    Set<List<String>> different = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      List<String> first = race(seed);
      assertThat(race(seed)).as("seed %d", seed).isEqualTo(first);
      different.add(first);
    }
    assertThat(different).as("histories of 50 seeds").hasSizeGreaterThan(40);
  }

  @Test
  void unguardedCounter_underSomeSeeds_losesUpdates() {
    Set<Integer> counts = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      counts.add(countUnguarded(seed));
    }
    assertThat(counts).contains(1, 2);
  }

  @Test
  void execute_always_runsOneAtATime() {
    int[] inside = new int[1];
    for (int i = 0; i < 100; i++) {
      environment.execute(
          () -> {
            history.add("in " + ++inside[0]);
            await(environment, environment.random().nextInt(3));
            inside[0]--;
          });
    }
    environment.advance(Duration.ofSeconds(1));
    assertThat(history).hasSize(100);
    assertThat(environment.parked()).isEmpty();
  }

  @Test
  void time_whileSomethingCanRun_standsStill() {
    environment.schedule(Duration.ofSeconds(5), () -> history.add("timer"));
    environment.execute(() -> history.add("work at " + environment.nanoTime()));
    environment.runUntilIdle();
    assertThat(history).containsExactly("work at 0");
    assertThat(environment.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void advance_pastTimers_runsThemAtTheirTime() {
    for (int seconds : new int[] {3, 1, 2, 9}) {
      environment.schedule(
          Duration.ofSeconds(seconds),
          () -> history.add(Duration.ofNanos(environment.nanoTime()).toString()));
    }
    environment.advance(Duration.ofSeconds(5));
    assertThat(history).containsExactly("PT1S", "PT2S", "PT3S");
    assertThat(environment.nanoTime()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void timer_closedBeforeItsTime_doesNotRun() {
    Subscription early = environment.schedule(Duration.ofSeconds(1), () -> history.add("early"));
    Subscription due = environment.schedule(Duration.ZERO, () -> history.add("due"));
    early.close();
    due.close();
    environment.advance(Duration.ofSeconds(2));
    assertThat(history).isEmpty();
  }

  @Test
  void await_fromOutside_drivesUntilTheStageCompletes() throws InterruptedException {
    CompletableFuture<String> stage = new CompletableFuture<>();
    environment.schedule(Duration.ofHours(1), () -> stage.complete("done"));
    assertThat(environment.await(stage)).isEqualTo("done");
    assertThat(environment.nanoTime()).isEqualTo(Duration.ofHours(1).toNanos());
  }

  @Test
  void await_ofAFailedStage_throwsItsException() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    environment.execute(() -> stage.completeExceptionally(new IllegalArgumentException("bad")));
    assertThatThrownBy(() -> environment.await(stage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad");
  }

  @Test
  void await_ofWhatNeverComes_isReportedWithThePlace() {
    environment.execute(() -> waitFor(environment, new CompletableFuture<>()));
    environment.runUntilIdle();
    assertThat(environment.parked())
        .singleElement()
        .asString()
        .contains("SimulatedEnvironmentTest.waitFor");
    assertThatThrownBy(() -> environment.await(new CompletableFuture<>()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SimulatedEnvironmentTest.waitFor");
  }

  @Test
  void workThatThrows_always_failsTheDriver() {
    environment.execute(
        () -> {
          throw new IllegalArgumentException("a defect");
        });
    assertThatThrownBy(environment::runUntilIdle)
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("a defect");
    environment.execute(() -> history.add("still works"));
    environment.runUntilIdle();
    assertThat(history).containsExactly("still works");
  }

  @Test
  void close_whileThreadsWait_interruptsAndEndsThem() {
    List<Thread> used = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      environment.execute(
          () -> {
            used.add(Thread.currentThread());
            try {
              environment.await(new CompletableFuture<>());
            } catch (InterruptedException e) {
              history.add("interrupted");
            }
          });
    }
    environment.runUntilIdle();
    environment.close();
    assertThat(history).containsExactly("interrupted", "interrupted", "interrupted");
    assertThat(used).hasSize(3).allSatisfy(SimulatedEnvironmentTest::assertEnds);
    assertThatThrownBy(() -> environment.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void newId_always_counts() {
    assertThat(environment.newId("job")).isEqualTo("job-000001");
    assertThat(environment.newId("tx")).isEqualTo("tx-000001");
    assertThat(environment.newId("job")).isEqualTo("job-000002");
  }

  private static void assertEnds(Thread thread) {
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).isFalse();
  }

  /** Ten workers that wait for timers and for each other, and note what they do. */
  private static List<String> race(long seed) {
    List<String> log = new ArrayList<>();
    try (SimulatedEnvironment env = new SimulatedEnvironment(seed)) {
      CompletableFuture<String> signal = new CompletableFuture<>();
      for (int i = 0; i < 10; i++) {
        String name = env.newId("worker");
        env.execute(
            () -> {
              log.add(name + " begins at " + env.nanoTime());
              await(env, env.random().nextInt(3));
              log.add(name + " goes on at " + env.nanoTime());
              if (name.endsWith("5")) {
                signal.complete(name);
              }
              log.add(name + " saw " + waitFor(env, signal));
            });
      }
      env.advance(Duration.ofSeconds(1));
      assertThat(env.parked()).isEmpty();
    }
    return log;
  }

  private static int countUnguarded(long seed) {
    int[] counter = new int[1];
    try (SimulatedEnvironment env = new SimulatedEnvironment(seed)) {
      for (int i = 0; i < 2; i++) {
        env.execute(
            () -> {
              int read = counter[0];
              await(env, env.random().nextInt(2));
              counter[0] = read + 1;
            });
      }
      env.advance(Duration.ofSeconds(1));
    }
    return counter[0];
  }

  private static void await(Environment env, int milliseconds) {
    CompletableFuture<String> later = new CompletableFuture<>();
    env.schedule(Duration.ofMillis(milliseconds), () -> later.complete("later"));
    waitFor(env, later);
  }

  private static String waitFor(Environment env, CompletableFuture<String> stage) {
    try {
      return env.await(stage);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
