package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.CommitResult.Conflict;
import io.powernode.dim.spi.FileBlobStore;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StateStore.Session;
import io.powernode.dim.spi.StoredValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one store remembers when it commits, and another has changed meanwhile. */
class PostgresUnreadTest {
  private final String database = Databases.postgres().freshSchema();
  @TempDir Path folder;
  private StateStore one;
  private StateStore other;
  private int transactions;

  /** Both know their streams, so that neither has a reason to read first. */
  @BeforeEach
  void open() {
    one = Databases.store(database);
    other = Databases.store(database);
    assertThat(commit(one, List.of(), put("k", "old"))).isEqualTo(new Committed(1));
    assertThat(commit(other, List.of(), put("mine", "old"))).isEqualTo(new Committed(1));
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private CommitResult commit(StateStore store, List<Guard> guards, Write... writes) {
    return commit(store, store == one ? "one" : "other", guards, writes);
  }

  private CommitResult commit(
      StateStore store, String stream, List<Guard> guards, Write... writes) {
    Commit commit = new Commit(stream, "tx" + ++transactions, guards, List.of(writes));
    return store.commit(commit).toCompletableFuture().join();
  }

  private static Write put(String key, String indexKey) {
    return new Write.Put(key, StoredValue.of(new byte[] {1}), Map.of("i", indexKey));
  }

  private static Write delete(String key) {
    return new Write.Delete(key);
  }

  private List<String> listed(String prefix) {
    return one.scan("i", prefix, Optional.empty(), 10).entries().stream().map(Entry::key).toList();
  }

  @Test
  void version_unchanged_goesOn() {
    assertThat(commit(one, List.of(new Guard.AtVersion("k", 1)), put("k", "new")))
        .isEqualTo(new Committed(2));
    assertThat(commit(one, List.of(new Guard.AtVersion("k", 2)), delete("k")))
        .isEqualTo(new Committed(3));
    assertThat(commit(one, List.of(new Guard.Absent("k")), put("k", "again")))
        .isEqualTo(new Committed(4));
    assertThat(one.get("k").orElseThrow().version()).isEqualTo(1);
    assertThat(listed("")).containsExactly("k", "mine");
  }

  @Test
  void version_raisedByTheOther_isAConflict() {
    commit(other, List.of(), put("k", "new"));
    Guard remembered = new Guard.AtVersion("k", 1);

    assertThat(commit(one, List.of(remembered), put("k", "x"))).isEqualTo(new Conflict(remembered));
    assertThat(one.get("k").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void version_raisedByTheOtherAndOnlyDemanded_isAConflict() {
    commit(other, List.of(), put("k", "new"));
    Guard remembered = new Guard.AtVersion("k", 1);

    assertThat(commit(one, List.of(remembered), put("x", "x"))).isEqualTo(new Conflict(remembered));
    assertThat(one.get("x")).isEmpty();
  }

  @Test
  void version_raisedByTheOther_isGoodWhereItIsKnown() {
    commit(other, List.of(), put("k", "new"));

    assertThat(commit(one, List.of(new Guard.AtVersion("k", 2)), put("k", "x")))
        .isEqualTo(new Committed(2));
    assertThat(listed("")).containsExactly("mine", "k");
  }

  @Test
  void entry_deletedAndCreatedAgainByTheOther_keepsNoOldIndexKey() {
    commit(other, List.of(), delete("k"));
    commit(other, List.of(), put("k", "between"));

    assertThat(commit(one, List.of(new Guard.AtVersion("k", 1)), put("k", "new")))
        .isEqualTo(new Committed(2));
    assertThat(listed("")).containsExactly("k", "mine");
    assertThat(listed("new")).containsExactly("k");
  }

  @Test
  void entry_deletedAndCreatedAgainByTheOther_isDeletedWithItsIndexKey() {
    commit(other, List.of(), delete("k"));
    commit(other, List.of(), put("k", "between"));

    assertThat(commit(one, List.of(), delete("k"))).isEqualTo(new Committed(2));
    assertThat(listed("")).containsExactly("mine");
  }

  /** Same version, same index keys: only its value lies elsewhere, where it is counted. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void entry_createdAgainByTheOtherWithALargeValue_leavesNoBlobBehind(boolean isDeleted)
      throws Exception {
    BlobStore blobs = FileBlobStore.open(folder);
    try (JdbcStateStore large =
        JdbcStateStore.postgres(database, "postgres", "")
            .blobs(blobs)
            .largeValueBytes(10)
            .build()) {
      Write put = new Write.Put("k", StoredValue.of(new byte[100]), Map.of("i", "old"));
      assertThat(commit(large, "large", List.of(), delete("k"))).isEqualTo(new Committed(1));
      assertThat(commit(large, "large", List.of(), put)).isEqualTo(new Committed(2));

      Write write = isDeleted ? delete("k") : put("k", "new");
      assertThat(commit(one, List.of(new Guard.AtVersion("k", 1)), write))
          .isEqualTo(new Committed(2));

      assertThat(large.check(entries -> {}).problems()).isEmpty();
    }
  }

  @Test
  void entry_createdByTheOther_isNotAbsent() {
    Guard absent = new Guard.Absent("mine");

    assertThat(commit(one, List.of(absent), put("mine", "x"))).isEqualTo(new Conflict(absent));
    assertThat(commit(one, List.of(absent), put("x", "x"))).isEqualTo(new Conflict(absent));
  }

  @Test
  void entry_createdByTheOther_isDeletedWithItsIndexKey() {
    assertThat(commit(one, List.of(), delete("mine"))).isEqualTo(new Committed(2));
    assertThat(listed("")).containsExactly("k");
  }

  @Test
  void entry_createdByTheOther_isReplaced() {
    assertThat(commit(one, List.of(), put("mine", "x"))).isEqualTo(new Committed(2));
    assertThat(one.get("mine").orElseThrow().version()).isEqualTo(2);
    assertThat(listed("old")).containsExactly("k");
  }

  @Test
  void stream_writtenByTheOther_hasNoGap() {
    assertThat(commit(other, "one", List.of(), put("x", "x"))).isEqualTo(new Committed(2));
    assertThat(commit(one, "one", List.of(), put("y", "y"))).isEqualTo(new Committed(3));
    assertThat(commit(other, "one", List.of(), put("z", "z"))).isEqualTo(new Committed(4));
  }

  @Test
  void session_endedElsewhere_isAConflict() {
    Session session = one.open("owner", Duration.ofMinutes(1));
    Guard live = new Guard.LiveSession(session.epoch());
    assertThat(commit(one, List.of(live), put("x", "x"))).isEqualTo(new Committed(2));
    session.close();

    assertThat(commit(one, List.of(live), put("x", "y"))).isEqualTo(new Conflict(live));
    assertThat(commit(one, List.of(new Guard.EndedSession(session.epoch())), put("x", "z")))
        .isEqualTo(new Committed(3));
  }
}
