package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult.Conflict;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StateStore.Outcome;
import io.powernode.dim.spi.StateStore.Page;
import io.powernode.dim.spi.StateStore.Session;
import io.powernode.dim.spi.StoredValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What every {@link StateStore} must do. Extend it, and say how to create a store. */
public abstract class StateStoreContract extends StateStoreSessionContract {
  private static final int MOST_KEY_BYTES = 2_600;

  /** For subclasses. */
  protected StateStoreContract() {}

  @Test
  void put_ofANewKey_isVersionOne() {
    assertThat(commit("s", put("k", "v"))).isEqualTo(committed(1));
    Entry entry = store.get("k").orElseThrow();
    assertThat(entry.key()).isEqualTo("k");
    assertThat(entry.version()).isEqualTo(1);
    assertThat(text(entry)).isEqualTo("v");
  }

  @Test
  void put_again_raisesTheVersion() {
    commit("s", put("k", "v"));
    commit("s", put("k", "w"));
    assertThat(store.get("k").orElseThrow().version()).isEqualTo(2);
    assertThat(text(store.get("k").orElseThrow())).isEqualTo("w");
  }

  @Test
  void delete_ofAKey_removesIt() {
    commit("s", put("k", "v"));
    commit("s", new Write.Delete("k"), new Write.Delete("never"));
    assertThat(store.get("k")).isEmpty();
    assertThat(commit("s", List.of(new Guard.Absent("k")), put("k", "v"))).isEqualTo(committed(3));
  }

  @Test
  void streams_always_countByThemselves() {
    assertThat(commit("a", put("k1", "v"))).isEqualTo(committed(1));
    assertThat(commit("b", put("k2", "v"))).isEqualTo(committed(1));
    assertThat(commit("a", put("k3", "v"))).isEqualTo(committed(2));
  }

  @Test
  void guards_thatHold_letTheCommitPass() {
    commit("s", put("k", "v"));
    Session session = store.open("owner", ttl);
    Session closed = store.open("owner", ttl);
    closed.close();
    List<Guard> guards =
        List.of(
            new Guard.Absent("other"),
            new Guard.AtVersion("k", 1),
            new Guard.LiveSession(session.epoch()),
            new Guard.EndedSession(closed.epoch()));
    assertThat(commit("s", guards, put("k", "w"))).isEqualTo(committed(2));
  }

  @Test
  void guards_thatDoNotHold_nameTheFirstAndChangeNothing() {
    commit("s", put("k", "v"));
    Session session = store.open("owner", ttl);
    List<Guard> failing =
        List.of(
            new Guard.EndedSession(session.epoch()),
            new Guard.EndedSession(Long.MAX_VALUE),
            new Guard.Absent("k"),
            new Guard.AtVersion("k", 2),
            new Guard.AtVersion("none", 1),
            new Guard.LiveSession(Long.MAX_VALUE));
    for (Guard guard : failing) {
      List<Guard> guards = List.of(new Guard.AtVersion("k", 1), guard, new Guard.Absent("k"));
      assertThat(commit("s", guards, put("new", "x"), put("k", "x")))
          .isEqualTo(new Conflict(guard));
    }
    assertThat(store.get("new")).isEmpty();
    assertThat(store.get("k").orElseThrow().version()).isEqualTo(1);
    assertThat(commit("s", put("next", "v")))
        .as("a conflict has no number")
        .isEqualTo(committed(2));
  }

  @Test
  void commit_ofTextThatNoStoreKeeps_isRefusedForGoodAndChangesNothing() {
    String half = "cut \ud83d";
    String zero = "a\u0000b";
    String tooLong = "k".repeat(MOST_KEY_BYTES + 1);
    List<Commit> impossible = new ArrayList<>();
    for (String text : List.of(half, zero, tooLong, "\u00e4".repeat(MOST_KEY_BYTES / 2 + 1))) {
      impossible.add(new Commit(text, freshId(), List.of(), List.of(put("k", "v"))));
      impossible.add(new Commit("s", freshId(), List.of(), List.of(put(text, "v"))));
      impossible.add(new Commit("s", freshId(), List.of(), List.of(new Write.Delete(text))));
      impossible.add(guarded(new Guard.Absent(text)));
      impossible.add(guarded(new Guard.AtVersion(text, 1)));
      impossible.add(indexed(text, "x", "k"));
      impossible.add(indexed("i", text, "k"));
    }
    for (String text : List.of(half, zero)) {
      impossible.add(new Commit("s", text, List.of(), List.of(put("k", "v"))));
    }
    impossible.add(indexed("i", "x".repeat(MOST_KEY_BYTES / 2), "k".repeat(MOST_KEY_BYTES / 2)));
    for (Commit commit : impossible) {
      assertThat(failure(commit)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(store.get("k")).isEmpty();
    assertThat(commit("s", put("next", "v"))).as("they have no number").isEqualTo(committed(1));
  }

  private Commit guarded(Guard guard) {
    return new Commit("s", freshId(), List.of(guard), List.of(put("k", "v")));
  }

  private Commit indexed(String index, String indexKey, String key) {
    return new Commit("s", freshId(), List.of(), List.of(put(key, "v", Map.of(index, indexKey))));
  }

  @Test
  void commit_ofTheLongestKeys_isTakenAndFound() {
    String key = "k".repeat(MOST_KEY_BYTES / 2 - 1);
    String indexKey = "\u00e4".repeat(MOST_KEY_BYTES / 4);
    String alone = "a".repeat(MOST_KEY_BYTES);
    assertThat(
            commit(
                "s",
                List.of(new Guard.Absent(alone)),
                put(key, "v", Map.of("i", indexKey)),
                put(alone, "w")))
        .isEqualTo(committed(1));
    assertThat(scanAll("i", indexKey)).containsExactly(key);
    assertThat(store.get(alone)).map(StateStoreFixture::text).contains("w");
    assertThat(store.get(alone + "a")).isEmpty();
  }

  @Test
  void commit_withoutWrites_countsLikeAnyOther() {
    Session session = store.open("owner", ttl);
    List<Guard> live = List.of(new Guard.LiveSession(session.epoch()));
    Commit nothing = new Commit("s", freshId(), live, List.of());
    assertThat(await(nothing)).isEqualTo(committed(1));
    assertThat(store.lookup(nothing.transactionId())).isEqualTo(Outcome.COMMITTED);
    session.close();
    assertThat(await(new Commit("s", freshId(), live, List.of()))).isInstanceOf(Conflict.class);
    assertThat(commit("s", put("k", "v"))).isEqualTo(committed(2));
  }

  /** A store that encodes says what is wrong; one that keeps values as they are may take it. */
  @Test
  void commit_ofAValueThatCannotBeEncoded_isRefusedForGoodOrTaken() {
    DimException why = new DimException(ErrorCode.INVALID_ARGUMENT, "cannot be encoded");
    StoredValue odd =
        () -> {
          throw why;
        };
    Commit commit = new Commit("s", freshId(), List.of(), List.of(Write.Put.of("odd", odd)));
    Optional<Throwable> failure = failureOf(commit);
    failure.ifPresent(thrown -> assertThat(thrown).isSameAs(why));
    assertThat(store.get("odd").isPresent()).isEqualTo(failure.isEmpty());
    assertThat(store.lookup(commit.transactionId()))
        .isEqualTo(failure.isPresent() ? Outcome.ABSENT : Outcome.COMMITTED);
    assertThat(commit("s", put("next", "v"))).isEqualTo(committed(failure.isPresent() ? 1 : 2));
  }

  private Throwable failure(Commit commit) {
    return failureOf(commit).orElseThrow(() -> new AssertionError("nothing was thrown"));
  }

  /** What a store throws at once, or its stage completes with. */
  private Optional<Throwable> failureOf(Commit commit) {
    try {
      await(commit);
      return Optional.empty();
    } catch (CompletionException failed) {
      return Optional.of(failed.getCause());
    } catch (RuntimeException thrown) {
      return Optional.of(thrown);
    }
  }

  @Test
  void lookup_ofATransaction_tellsWhatBecameOfIt() {
    List<Guard> failing = List.of(new Guard.AtVersion("k", 7));
    await(new Commit("s", "done", List.of(), List.of(put("k", "v"))));
    await(new Commit("s", "refused", failing, List.of(put("k", "w"))));
    assertThat(store.lookup("done")).isEqualTo(Outcome.COMMITTED);
    assertThat(store.lookup("refused")).isEqualTo(Outcome.ABSENT);
    assertThat(store.lookup("never")).isEqualTo(Outcome.ABSENT);
  }

  @Test
  void scan_withAPrefix_isInIndexOrderThenKeyOrder() {
    commit("s", put("k3", "v", Map.of("user", "ann/2", "state", "x")));
    commit("s", put("k1", "v", Map.of("user", "ann/2")));
    commit("s", put("k2", "v", Map.of("user", "ann/1")));
    commit("s", put("k4", "v", Map.of("user", "bob/1")));
    commit("s", put("k5", "v"));
    assertThat(scanAll("user", "ann/")).containsExactly("k2", "k1", "k3");
    assertThat(scanAll("user", "")).containsExactly("k2", "k1", "k3", "k4");
    assertThat(scanAll("state", "")).containsExactly("k3");
    assertThat(scanAll("user", "cid")).isEmpty();
    assertThat(scanAll("unknown", "")).isEmpty();
    assertThat(store.count("user", "ann/")).isEqualTo(3);
    assertThat(store.count("user", "")).isEqualTo(4);
    assertThat(store.count("state", "")).isEqualTo(1);
    assertThat(store.count("user", "cid")).isZero();
    assertThat(store.count("unknown", "")).isZero();
    assertThat(store.lastKey("user")).contains("bob/1");
    assertThat(store.lastKey("state")).contains("x");
    assertThat(store.lastKey("unknown")).isEmpty();
  }

  @Test
  void scan_afterReplaceOrDelete_followsTheNewIndexKeys() {
    commit("s", put("moved", "v", Map.of("state", "a")), put("gone", "v", Map.of("state", "a")));
    commit("s", put("out", "v", Map.of("state", "a")));
    commit("s", put("moved", "w", Map.of("state", "b")), new Write.Delete("gone"), put("out", "w"));
    assertThat(scanAll("state", "a")).isEmpty();
    assertThat(store.count("state", "a")).isZero();
    assertThat(store.lastKey("state")).contains("b");
    commit("s", new Write.Delete("moved"));
    assertThat(store.lastKey("state")).isEmpty();
    commit("s", put("moved", "w", Map.of("state", "b")));
    Page page = store.scan("state", "b", Optional.empty(), 10);
    assertThat(page.entries()).extracting(Entry::key).containsExactly("moved");
    assertThat(page.entries()).extracting(StateStoreFixture::text).containsExactly("w");
  }

  @Test
  void scan_byPages_seesEveryEntryOnce() {
    List<String> expected = new ArrayList<>();
    for (int i = 100; i < 125; i++) {
      commit("s", put("k" + i, "v", Map.of("i", "same")));
      expected.add("k" + i);
    }
    for (int limit : new int[] {1, 5, 7, 25, 100}) {
      List<String> seen = new ArrayList<>();
      Optional<String> after = Optional.empty();
      do {
        Page page = store.scan("i", "same", after, limit);
        assertThat(page.entries()).as("a page of %d", limit).hasSizeBetween(1, limit);
        page.entries().forEach(entry -> seen.add(entry.key()));
        after = page.next();
      } while (after.isPresent());
      assertThat(seen).as("pages of %d", limit).isEqualTo(expected);
    }
  }

  @Test
  void scan_afterTheCursorsEntryIsGone_goesOnBehindIt() {
    for (String key : List.of("a", "b", "c", "d")) {
      commit("s", put(key, "v", Map.of("i", "x")));
    }
    Optional<String> after = store.scan("i", "x", Optional.empty(), 2).next();
    commit("s", new Write.Delete("b"), put("bb", "v", Map.of("i", "x")));
    Page rest = store.scan("i", "x", after, 10);
    assertThat(rest.entries()).extracting(Entry::key).containsExactly("bb", "c", "d");
    assertThat(rest.next()).isEmpty();
  }

  @Test
  void scan_afterACursorOfAnotherScan_isRefused() {
    commit("s", put("bob/a", "v", Map.of("user", "ann/1")));
    commit("s", put("k", "v", Map.of("user", "bob/1")));
    List<String> foreign = List.of("", "x", "0:bob/", "3:bob/1", "5:ann/1bob/a", "99:bob/1k");
    for (String cursor : foreign) {
      assertThatThrownBy(() -> store.scan("user", "bob/", Optional.of(cursor), 10))
          .as("cursor %s", cursor)
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  @Test
  void reopening_aDurableStore_findsAllOfIt() throws Exception {
    assumeThat(store.durability()).isNotEqualTo(Durability.NONE);
    await(new Commit("s", "done", List.of(), List.of(put("k", "v", Map.of("i", "x")))));
    long epoch = store.open("owner", ttl).epoch();
    store.close();
    store = reopen();
    assertThat(text(store.get("k").orElseThrow())).isEqualTo("v");
    assertThat(scanAll("i", "x")).containsExactly("k");
    assertThat(store.lookup("done")).isEqualTo(Outcome.COMMITTED);
    assertThat(store.open("owner", ttl).epoch()).isGreaterThan(epoch);
    assertThat(commit("s", put("k", "w"))).isEqualTo(committed(2));
  }

  @Test
  void call_withANumberOutOfRange_isRefused() {
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(36_501))) {
      assertThatIllegalArgumentException().isThrownBy(() -> store.open("owner", wrong));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> store.scan("i", "", Optional.empty(), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> store.watch("s", -1, change -> {}));
  }
}
