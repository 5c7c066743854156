package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.spi.StateStore.Outcome;
import io.powernode.dim.spi.StoredValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InMemoryStateStoreTest extends StateStoreContract {
  private final SettableClock clock = new SettableClock();

  @Override
  protected StateStore create(int changesKept) {
    return new InMemoryStateStore(clock::nanoTime, changesKept, 100);
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }

  @Test
  void durability_always_isNone() {
    assertThat(store.durability()).isEqualTo(Durability.NONE);
  }

  @Test
  void value_afterCommit_isTheObjectThatWasPut() {
    StoredValue value =
        () -> {
          throw new AssertionError("encoded");
        };
    commit("s", Commit.Write.Put.of("k", value));
    assertThat(store.get("k").orElseThrow().value()).isSameAs(value);
  }

  @Test
  void commit_whenItReturns_hasTakenEffectAndIsComplete() {
    Commit commit = new Commit("s", "t", List.of(), List.of(put("k", "v")));
    assertThat(store.commit(commit).toCompletableFuture()).isCompletedWithValue(committed(1));
  }

  @Test
  void watch_afterHistoryWasTrimmed_hearsExactlyWhatIsKept() {
    StateStore small = create(3);
    for (int i = 1; i <= 5; i++) {
      small.commit(new Commit("s", "t" + i, List.of(), List.of(put("k", "v"))));
    }
    List<Change> heard = new ArrayList<>();
    small.watch("s", 1, heard::add);
    assertThat(heard)
        .containsExactly(
            new Change.Compacted(2),
            new Change.Applied(3, List.of("k")),
            new Change.Applied(4, List.of("k")),
            new Change.Applied(5, List.of("k")));
  }

  @Test
  void watch_fromTheLastKeptChange_isNotCompacted() {
    StateStore small = create(3);
    for (int i = 1; i <= 5; i++) {
      small.commit(new Commit("s", "t" + i, List.of(), List.of(put("k", "v"))));
    }
    List<Change> heard = new ArrayList<>();
    small.watch("s", 2, heard::add);
    assertThat(heard).extracting(Change::at).containsExactly(3L, 4L, 5L);
    assertThat(heard).hasOnlyElementsOfType(Change.Applied.class);
  }

  @Test
  void watcher_thatFallsBehind_isToldAndGoesOn() {
    StateStore small = create(3);
    List<Change> heard = new ArrayList<>();
    small.watch(
        "s",
        0,
        change -> {
          heard.add(change);
          if (change.at() == 1) {
            for (int i = 2; i <= 10; i++) {
              small.commit(new Commit("s", "t" + i, List.of(), List.of(put("k", "v"))));
            }
          }
        });
    small.commit(new Commit("s", "t1", List.of(), List.of(put("k", "v"))));
    assertThat(heard).extracting(Change::at).containsExactly(1L, 7L, 8L, 9L, 10L);
    assertThat(heard.get(1)).isInstanceOf(Change.Compacted.class);
  }

  @Test
  void watcher_thatClosesItself_hearsNoMore() {
    List<Change> heard = new ArrayList<>();
    Subscription[] own = new Subscription[1];
    own[0] =
        store.watch(
            "s",
            0,
            change -> {
              heard.add(change);
              own[0].close();
            });
    commit("s", put("k", "v"));
    commit("s", put("k", "v"));
    assertThat(heard).hasSize(1);
  }

  @Test
  void lookup_beyondWhatIsKept_knowsTheLatest() {
    for (int i = 0; i < 150; i++) {
      store.commit(new Commit("s", "t" + i, List.of(), List.of()));
    }
    assertThat(store.lookup("t149")).isEqualTo(Outcome.COMMITTED);
    assertThat(store.lookup("t50")).isEqualTo(Outcome.COMMITTED);
    assertThat(store.lookup("t49")).isEqualTo(Outcome.ABSENT);
  }

  @Test
  void scan_withAForeignCursor_isRefused() {
    commit("s", put("k1", "v", Map.of("i", "x")), put("k2", "v", Map.of("i", "x")));
    String own = store.scan("i", "x", Optional.empty(), 1).next().orElseThrow();
    for (String cursor : List.of("", "nonsense", "9:x", "-1:x", "99999999999:x", "1:yk1")) {
      assertThatThrownBy(() -> store.scan("i", "x", Optional.of(cursor), 1))
          .as(cursor)
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
    assertThat(store.scan("i", "x", Optional.of(own), 1).entries()).hasSize(1);
  }

  @Test
  void close_always_refusesWhatComesAfter() {
    List<Change> heard = new ArrayList<>();
    store.watch("s", 0, heard::add);
    store.close();
    Commit commit = new Commit("s", "t", List.of(), List.of(put("k", "v")));
    assertThat(await(commit)).isInstanceOf(CommitResult.Refused.class);
    assertThat(heard).isEmpty();
    for (Runnable call :
        List.<Runnable>of(
            () -> store.get("k"),
            () -> store.lookup("t"),
            () -> store.open("o", Duration.ofSeconds(1)),
            () -> store.watch("s", 0, heard::add),
            () -> store.scan("i", "", Optional.empty(), 1))) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
  }
}
