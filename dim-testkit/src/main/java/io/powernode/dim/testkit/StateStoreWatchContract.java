package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a store promises to watchers, and to several writers at once. */
abstract class StateStoreWatchContract extends StateStoreFixture {
  private static final int WRITERS = 4;
  private static final int WRITES_EACH = 100;

  @Test
  void watch_ofAStream_hearsKeysInOrder() throws Exception {
    Heard heard = watch("s", 0);
    commit("s", put("b", "1"), put("a", "1"));
    commit("s", new Write.Delete("b"));
    assertThat(heard.next(2))
        .containsExactly(
            new Change.Applied(1, List.of("b", "a")), new Change.Applied(2, List.of("b")));
  }

  @Test
  void watch_afterANumber_replaysTheRestAndGoesOn() throws Exception {
    for (int i = 1; i <= 5; i++) {
      commit("s", put("k" + i, "v"));
    }
    Heard heard = watch("s", 2);
    commit("s", put("k6", "v"));
    assertThat(heard.next(4)).extracting(Change::at).containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void watch_ofAnotherStream_hearsNothing() throws Exception {
    Heard heard = watch("s", 0);
    commit("other", put("k1", "v"));
    commit("s", put("k2", "v"));
    assertThat(heard.next()).isEqualTo(new Change.Applied(1, List.of("k2")));
  }

  @Test
  void watch_whenAGuardFails_hearsNothing() throws Exception {
    Heard heard = watch("s", 0);
    commit("s", List.of(new Guard.AtVersion("none", 1)), put("k", "v"));
    commit("s", put("k", "w"));
    assertThat(heard.next()).isEqualTo(new Change.Applied(1, List.of("k")));
  }

  @Test
  void watch_afterClose_hearsNothing() throws Exception {
    Heard heard = new Heard();
    store.watch("s", 0, heard).close();
    Heard other = watch("s", 0);
    commit("s", put("k", "v"));
    other.next();
    assertThat(heard.isEmpty()).isTrue();
  }

  @Test
  void watcher_thatThrows_disturbsNeitherCommitsNorOthers() throws Exception {
    watch(
        "s",
        0,
        change -> {
          throw new IllegalStateException("a watcher's fault");
        });
    Heard heard = watch("s", 0);
    assertThat(commit("s", put("k", "v"))).isEqualTo(committed(1));
    assertThat(commit("s", put("k", "w"))).isEqualTo(committed(2));
    assertThat(heard.next(2)).extracting(Change::at).containsExactly(1L, 2L);
  }

  @Test
  void watcher_thatCommits_hearsItsOwnCommitNext() throws Exception {
    Heard heard = new Heard();
    watch(
        "s",
        0,
        change -> {
          heard.accept(change);
          if (change.at() == 1) {
            store.commit(new Commit("s", freshId(), List.of(), List.of(put("again", "v"))));
          }
        });
    commit("s", put("k", "v"));
    assertThat(heard.next(2)).extracting(Change::at).containsExactly(1L, 2L);
  }

  @Test
  void watch_afterHistoryWasTrimmed_saysSoAndGoesOnWithoutAGap() throws Exception {
    store.close();
    store = create(10);
    for (int i = 0; i < 50; i++) {
      commit("s", put("k", "v" + i));
    }
    Heard heard = watch("s", 0);
    Change first = heard.next();
    assertThat(first.at())
        .as("the last number that is gone, or the first of all")
        .isBetween(1L, 40L);
    if (first instanceof Change.Applied) {
      assertThat(first.at()).isEqualTo(1);
    }
    List<Change> rest = heard.next((int) (50 - first.at()));
    assertThat(rest).hasOnlyElementsOfType(Change.Applied.class);
    assertThat(rest)
        .extracting(Change::at)
        .containsExactlyElementsOf(LongStream.rangeClosed(first.at() + 1, 50).boxed().toList());
  }

  @Test
  void watch_ofManyWriters_hearsEachChangeOnceInOrder() throws Exception {
    Heard heard = watch("s", 0);
    List<Long> numbers =
        inParallel(
            writer ->
                IntStream.range(0, WRITES_EACH)
                    .mapToObj(i -> commit("s", put(writer + "/" + i, "v")))
                    .map(result -> ((CommitResult.Committed) result).at())
                    .toList());
    int total = WRITERS * WRITES_EACH;
    List<Long> expected = LongStream.rangeClosed(1, total).boxed().toList();
    assertThat(numbers).as("numbers of one stream").containsExactlyInAnyOrderElementsOf(expected);
    assertThat(heard.next(total)).extracting(Change::at).containsExactlyElementsOf(expected);
  }

  @Test
  void guards_ofManyWriters_letOneThroughEachTime() throws Exception {
    commit("s", put("k", "v"));
    CyclicBarrier together = new CyclicBarrier(WRITERS);
    List<Long> won =
        inParallel(
            writer -> {
              List<Long> rounds = new ArrayList<>();
              for (long round = 1; round <= WRITES_EACH; round++) {
                together.await(WAIT_SECONDS, SECONDS);
                List<Guard> guards = List.of(new Guard.AtVersion("k", round));
                CommitResult result = commit("w" + writer, guards, put("k", "by " + writer));
                if (result instanceof CommitResult.Committed) {
                  rounds.add(round);
                }
                together.await(WAIT_SECONDS, SECONDS);
              }
              return rounds;
            });
    assertThat(won)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, WRITES_EACH).boxed().toList());
  }

  @Test
  void commits_handedInWithoutWaiting_takeEffectInOrder() throws Exception {
    List<CompletableFuture<CommitResult>> pending = new ArrayList<>();
    for (int i = 1; i <= WRITES_EACH; i++) {
      Guard guard = i == 1 ? new Guard.Absent("k") : new Guard.AtVersion("k", i - 1);
      Commit next = new Commit("s", freshId(), List.of(guard), List.of(put("k", "v" + i)));
      pending.add(store.commit(next).toCompletableFuture());
    }
    for (int i = 0; i < WRITES_EACH; i++) {
      assertThat(pending.get(i).get(WAIT_SECONDS, SECONDS)).isEqualTo(committed(i + 1));
    }
  }

  private interface Writer {
    List<Long> write(int writer) throws Exception;
  }

  private static List<Long> inParallel(Writer work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<List<Long>>> running = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        running.add(threads.submit(() -> work.write(writer)));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> one : running) {
        all.addAll(one.get(WAIT_SECONDS, SECONDS));
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }
}
