package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.jdbc.Effects.IndexKey;
import io.powernode.dim.jdbc.Effects.LoggedChange;
import io.powernode.dim.jdbc.Snapshot.SessionStatus;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.CommitResult.Conflict;
import io.powernode.dim.spi.CommitResult.Refused;
import io.powernode.dim.spi.StoredValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private static final Digest BLOB = Digest.of(new byte[] {1});
  private static final Digest OTHER_BLOB = Digest.of(new byte[] {2});
  private static final Snapshot BEFORE =
      new Snapshot(
          Map.of("s", new StreamHead(7, 2), "t", StreamHead.NEW),
          Map.of(
              "old", new Row(3, Map.of("i", "x", "j", "y"), Optional.empty()),
              "large", new Row(1, Map.of(), Optional.of(BLOB))),
          Map.of(1L, SessionStatus.ENDED, 2L, SessionStatus.LIVE),
          Set.of(BLOB, OTHER_BLOB));

  private final List<Pending> batch = new ArrayList<>();

  private void add(String stream, List<Guard> guards, Write... writes) {
    Map<String, Cell> cells = new HashMap<>();
    for (Write write : writes) {
      if (write instanceof Write.Put put) {
        cells.put(put.key(), Cell.of(put.value().bytes()));
      }
    }
    String id = "tx" + batch.size();
    batch.add(Pending.of(new Commit(stream, id, guards, List.of(writes)), cells));
  }

  private void addLarge(String key, Digest blob) {
    Commit commit = new Commit("s", "tx" + batch.size(), List.of(), List.of(put(key)));
    batch.add(Pending.of(commit, Map.of(key, Cell.of(blob))));
  }

  private static Write put(String key, String... indexes) {
    Map<String, String> keys = new HashMap<>();
    for (int i = 0; i < indexes.length; i += 2) {
      keys.put(indexes[i], indexes[i + 1]);
    }
    return new Write.Put(key, StoredValue.of(new byte[0]), keys);
  }

  private BatchPlan plan() {
    return BatchPlan.of(batch, BEFORE);
  }

  private Effects effects() {
    return plan().effects();
  }

  @Test
  void commits_always_seeWhatThoseBeforeLeft() {
    add("s", List.of(new Guard.Absent("new")), put("new"));
    add("s", List.of(new Guard.Absent("new")), put("new"));
    add("s", List.of(new Guard.AtVersion("new", 1)), put("new"));
    add("t", List.of(new Guard.AtVersion("new", 2)), new Write.Delete("new"));
    add("s", List.of(new Guard.AtVersion("new", 2)), put("new"));
    add("s", List.of(new Guard.Absent("new")), put("new"));
    assertThat(plan().results())
        .containsExactly(
            new Committed(8),
            new Conflict(new Guard.Absent("new")),
            new Committed(9),
            new Committed(1),
            new Conflict(new Guard.AtVersion("new", 2)),
            new Committed(10));
    Effects effects = effects();
    assertThat(effects.streams)
        .isEqualTo(Map.of("s", new StreamHead(10, 2), "t", new StreamHead(1, 0)));
    assertThat(effects.changes)
        .containsExactly(
            new LoggedChange("s", 8, "tx0", List.of("new")),
            new LoggedChange("s", 9, "tx2", List.of("new")),
            new LoggedChange("t", 1, "tx3", List.of("new")),
            new LoggedChange("s", 10, "tx5", List.of("new")));
    assertThat(effects.inserts).containsOnlyKeys("new");
    assertThat(effects.inserts.get("new").row().version()).isEqualTo(1);
  }

  @Test
  void entry_writtenTwice_isUpdatedOnce() {
    add("s", List.of(new Guard.AtVersion("old", 3)), put("old", "i", "x"));
    add("s", List.of(new Guard.AtVersion("old", 4)), put("old", "i", "z", "k", "w"));
    Effects effects = effects();
    assertThat(effects.inserts).isEmpty();
    assertThat(effects.updates).containsOnlyKeys("old");
    assertThat(effects.updates.get("old").row().version()).isEqualTo(5);
    assertThat(effects.unlisted)
        .containsExactlyInAnyOrder(new IndexKey("i", "x", "old"), new IndexKey("j", "y", "old"));
    assertThat(effects.listed)
        .containsExactlyInAnyOrder(new IndexKey("i", "z", "old"), new IndexKey("k", "w", "old"));
  }

  @Test
  void entry_deletedAndWrittenAgain_startsAnew() {
    add("s", List.of(), new Write.Delete("old"));
    add("s", List.of(new Guard.Absent("old")), put("old", "i", "x", "j", "y"));
    Effects effects = effects();
    assertThat(effects.updates.get("old").row().version()).isEqualTo(1);
    assertThat(effects.deletes).isEmpty();
    assertThat(effects.unlisted).isEmpty();
    assertThat(effects.listed).isEmpty();
    assertThat(effects.absences).isEmpty();
  }

  @Test
  void entry_createdAndDeleted_leavesNothingButItsChanges() {
    add("s", List.of(), put("new", "i", "x"));
    add("s", List.of(), new Write.Delete("new"), new Write.Delete("never"));
    Effects effects = effects();
    assertThat(effects.inserts).isEmpty();
    assertThat(effects.deletes).isEmpty();
    assertThat(effects.listed).isEmpty();
    assertThat(effects.changes).hasSize(2);
  }

  @Test
  void delete_ofWhatIsNotThere_isMissedUnlessThatWasDemanded() {
    add("s", List.of(), put("new"), new Write.Delete("a"));
    add("s", List.of(new Guard.Absent("b")), new Write.Delete("b"));
    add("s", List.of(), new Write.Delete("new"), new Write.Delete("old"), new Write.Delete("c"));
    add("s", List.of(), put("c"));
    assertThat(effects().missed).containsExactly("a", "new");
    assertThat(effects().absences).containsExactly("b");
    assertThat(effects().deletes).containsExactly("old");
  }

  @Test
  void entry_deleted_isDeletedWithItsIndexKeys() {
    add("s", List.of(), new Write.Delete("old"));
    assertThat(effects().deletes).containsExactly("old");
    assertThat(effects().unlisted).hasSize(2);
  }

  @Test
  void absence_thatIsDemandedButNotFilled_isHeld() {
    add(
        "s",
        List.of(new Guard.Absent("a"), new Guard.Absent("b"), new Guard.Absent("c")),
        put("b"));
    add("s", List.of(new Guard.Absent("d"), new Guard.Absent("old")), put("x"));
    add("s", List.of(new Guard.Absent("c")), put("c"));
    assertThat(effects().absences).containsExactly("a");
  }

  @Test
  void conflict_always_changesNothing() {
    List<Guard> failing =
        List.of(
            new Guard.LiveSession(1),
            new Guard.LiveSession(3),
            new Guard.EndedSession(2),
            new Guard.EndedSession(3),
            new Guard.AtVersion("none", 0),
            new Guard.AtVersion("old", 2),
            new Guard.Absent("old"));
    failing.forEach(guard -> add("s", List.of(guard), put("new"), new Write.Delete("old")));
    assertThat(plan().results())
        .containsExactlyElementsOf(
            failing.stream().map(guard -> (CommitResult) new Conflict(guard)).toList());
    assertThat(effects().isEmpty()).isTrue();
    assertThat(effects().inserts).isEmpty();
    assertThat(effects().deletes).isEmpty();
  }

  @Test
  void references_always_followTheEntries() {
    addLarge("large", OTHER_BLOB);
    addLarge("new", OTHER_BLOB);
    addLarge("again", BLOB);
    assertThat(effects().references).isEqualTo(Map.of(BLOB, 0, OTHER_BLOB, 2));
  }

  @Test
  void references_ofAnEntryThatKeepsItsBlob_stay() {
    addLarge("large", BLOB);
    assertThat(effects().references).isEmpty();
    batch.clear();
    add("s", List.of(), new Write.Delete("large"));
    assertThat(effects().references).isEqualTo(Map.of(BLOB, -1));
  }

  @Test
  void blob_thatIsNotThereAnyMore_refusesItsCommitOnly() {
    addLarge("new", Digest.of(new byte[] {9}));
    add("s", List.of(), put("small"));
    assertThat(plan().results())
        .containsExactly(
            new Refused("a large value waited too long to be committed"), new Committed(8));
  }
}
