package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedProcessTest {
  private final SimulatedEnvironment environment = new SimulatedEnvironment(3);
  private final SimulatedProcess process = environment.process();
  private final List<String> history = new ArrayList<>();

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void kill_byAThreadOfItsOwn_stopsItThere() {
    process.execute(
        () -> {
          history.add("before");
          process.kill();
          history.add("after");
        });
    environment.runUntilIdle();
    assertThat(history).containsExactly("before");
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void kill_always_dropsWorkTimersAndWaitingThreads() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    process.execute(
        () -> {
          try {
            history.add(process.await(stage));
          } catch (InterruptedException e) {
            history.add("interrupted");
          }
        });
    process.schedule(Duration.ofSeconds(1), () -> history.add("timer"));
    environment.runUntilIdle();
    process.execute(() -> history.add("work"));
    process.kill();
    environment.execute(() -> stage.complete("done"));
    environment.advance(Duration.ofSeconds(2));
    assertThat(history).isEmpty();
  }

  @Test
  void kill_byAThreadThatHoldsALock_doesNotKeepTheOthersFromTheirEnd() {
    Object lock = new Object();
    process.execute(
        () -> {
          try {
            process.await(new CompletableFuture<>());
          } catch (InterruptedException e) {
            history.add("interrupted");
          } finally {
            synchronized (lock) {
              history.add("ended");
            }
          }
        });
    environment.runUntilIdle();
    process.execute(
        () -> {
          synchronized (lock) {
            process.kill();
          }
        });
    environment.runUntilIdle();
    environment.close();
    assertThat(history).containsExactly("ended");
  }

  @Test
  void kill_always_leavesTheOthersAlone() {
    SimulatedProcess other = environment.process();
    process.kill();
    other.schedule(Duration.ofSeconds(1), () -> history.add("timer"));
    other.execute(() -> history.add("work"));
    environment.advance(Duration.ofSeconds(2));
    assertThat(history).containsExactly("work", "timer");
  }

  @Test
  void pause_always_holdsWorkTimersAndWaitingThreadsUntilItIsResumed() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    process.execute(
        () -> {
          try {
            history.add(process.await(stage));
          } catch (InterruptedException e) {
            history.add("interrupted");
          }
        });
    process.schedule(Duration.ofSeconds(1), () -> history.add("timer"));
    environment.runUntilIdle();
    process.pause();
    process.execute(() -> history.add("work"));
    stage.complete("done");
    environment.advance(Duration.ofSeconds(2));
    assertThat(history).isEmpty();
    assertThat(process.isPaused()).isTrue();
    process.resume();
    environment.runUntilIdle();
    assertThat(history).containsExactlyInAnyOrder("done", "timer", "work");
  }

  @Test
  void store_ofAPausedProcess_isHeardInOrderWhenItGoesOn() {
    StateStore memory = InMemoryStateStore.create(environment);
    StateStore store = process.connect(memory);
    store.watch("s", 0, change -> history.add("change " + change.at()));
    process.pause();
    commit(memory, "t1");
    commit(memory, "t2");
    environment.advance(Duration.ofSeconds(2));
    assertThat(history).isEmpty();
    process.resume();
    commit(memory, "t3");
    environment.runUntilIdle();
    assertThat(history).containsExactly("change 1", "change 2", "change 3");
  }

  @Test
  void node_whenTheProcessDies_worksOnUnheard() {
    FakeNode fake =
        new FakeNode(SampleTasks.profile("n1"), environment)
            .on("m", Reply.answer(Map.of()).after(Duration.ofSeconds(1)));
    NodeEndpoint node = process.connect(fake);
    CompletableFuture<TaskResult> answer = execute(node, "t");
    process.kill();
    CompletableFuture<TaskResult> never = execute(node, "later");
    environment.advance(Duration.ofSeconds(2));
    node.acknowledge(SampleTasks.tensorTask("t").id());
    assertThat(answer).isNotDone();
    assertThat(never).isNotDone();
    assertThat(fake.log().steps()).containsExactly("t");
    assertThat(fake.kept()).containsExactly(SampleTasks.tensorTask("t").id());
  }

  @Test
  void store_whenTheProcessDies_hearsNothingMoreOfIt() {
    StateStore memory = InMemoryStateStore.create(environment);
    StateStore store = process.connect(memory);
    store.watch("s", 0, change -> history.add("change " + change.at()));
    StateStore.Session session = store.open("owner", Duration.ofSeconds(5));
    commit(store, "t1");
    process.kill();
    commit(store, "t2");
    commit(memory, "t3");
    assertThat(history).containsExactly("change 1");
    assertThat(memory.lookup("t2")).isEqualTo(StateStore.Outcome.ABSENT);
    assertThatThrownBy(session::renew).isInstanceOf(DimException.class);
    assertThatThrownBy(() -> store.get("k")).isInstanceOf(DimException.class);
  }

  private static CompletableFuture<TaskResult> execute(NodeEndpoint node, String step) {
    return node.execute(SampleTasks.tensorTask(step), Duration.ofSeconds(9)).toCompletableFuture();
  }

  private static void commit(StateStore store, String id) {
    store.commit(new Commit("s", id, List.of(), List.of()));
  }
}
