package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.jdbc.Effects.IndexKey;
import io.powernode.dim.jdbc.Effects.LoggedChange;
import io.powernode.dim.jdbc.Effects.NewRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a batch changes, and commits, in one message. The server leaves out the rest of a
 * message after an error, and so commits only what was written whole. Where something is not as the
 * plan has it, too few rows are found, and a division by zero makes that an error.
 */
final class PostgresWrites {
  private static final NewRow PLACE = NewRow.NONE;
  private static final String UNCHANGED =
      " WHERE e.key = u.key AND e.version = u.was AND e.indexes = u.had"
          + " AND e.blob IS NOT DISTINCT FROM u.held";
  private static final String ALL_FOUND = "SELECT 1 / (count(*) = cardinality(?))::int FROM ";

  private final Snapshot before;
  private final Effects effects;
  private final Composite all;
  private final SortedMap<String, NewRow> inserts;

  PostgresWrites(Statements on, BatchPlan plan) {
    this.before = plan.before();
    this.effects = plan.effects();
    this.all = new Composite(on);
    this.inserts = new TreeMap<>(effects.inserts);
    effects.absences.forEach(key -> inserts.put(key, PLACE));
  }

  /**
   * An entry cannot be locked before it is there, so somebody else may have created one since,
   * which is an error; and a key that must stay without an entry is held by one that comes and
   * goes.
   *
   * @param unread what is to be checked because it was not read
   */
  void run(Optional<Footprint> unread) throws SQLException {
    raiseStreams();
    if (unread.isPresent()) {
      checkSessions(List.copyOf(unread.get().epochs()));
      checkOthers(unread.get().keys());
    }
    if (!inserts.isEmpty()) {
      List<NewRow> rows = List.copyOf(inserts.values());
      all.add(
          "INSERT INTO dim_entries (key, version, indexes, blob, value)"
              + " SELECT * FROM unnest(?, ?, ?, ?, ?)",
          all.texts(List.copyOf(inserts.keySet())),
          all.numbers(column(rows, entry -> entry.row().version())),
          all.texts(column(rows, entry -> entry.row().indexesText())),
          all.texts(column(rows, entry -> blob(entry.row()))),
          all.bytes(values(rows)));
    }
    if (!effects.updates.isEmpty()) {
      update(List.copyOf(effects.updates.keySet()), List.copyOf(effects.updates.values()));
    }
    delete();
    checkMissed();
    if (!effects.unlisted.isEmpty()) {
      addIndexKeys(
          "DELETE FROM dim_index_keys i USING unnest(?, ?, ?) AS d (name, index_key, entry_key)"
              + " WHERE i.index_name = d.name AND i.index_key = d.index_key"
              + " AND i.entry_key = d.entry_key",
          effects.unlisted);
    }
    if (!effects.listed.isEmpty()) {
      addIndexKeys(
          "INSERT INTO dim_index_keys (index_name, index_key, entry_key)"
              + " SELECT * FROM unnest(?, ?, ?)",
          effects.listed);
    }
    addChanges();
    addReferences();
    all.add("COMMIT").execute();
  }

  /**
   * First, so that of two batches that touch a stream one waits for the other. One that arrives
   * only after its stream was fenced finds another number of fences.
   */
  private void raiseStreams() throws SQLException {
    List<String> names = List.copyOf(effects.streams.keySet());
    List<StreamHead> were = names.stream().map(before::head).toList();
    all.add(
        "WITH raised AS (UPDATE dim_streams s SET last = u.last FROM unnest(?, ?, ?, ?)"
            + " AS u (name, was, fences, last)"
            + " WHERE s.name = u.name AND s.last = u.was AND s.fences = u.fences RETURNING 1) "
            + ALL_FOUND
            + "raised",
        all.texts(names),
        all.numbers(column(were, StreamHead::last)),
        all.numbers(column(were, StreamHead::fences)),
        all.numbers(column(List.copyOf(effects.streams.values()), StreamHead::last)),
        all.texts(names));
  }

  private void checkSessions(List<Long> epochs) throws SQLException {
    if (!epochs.isEmpty()) {
      all.add(
          ALL_FOUND
              + "(SELECT 1 FROM dim_sessions WHERE epoch = ANY(?) AND NOT ended AND NOT "
              + PostgresSessions.EXPIRED
              + " FOR NO KEY UPDATE) AS live",
          all.numbers(epochs),
          all.numbers(epochs));
    }
  }

  /** Entries that are neither updated nor deleted. */
  private void checkOthers(SortedSet<String> keys) throws SQLException {
    Set<String> deleted = new HashSet<>(effects.deletes);
    List<String> present = new ArrayList<>();
    for (String key : keys) {
      boolean isWritten = effects.updates.containsKey(key) || deleted.contains(key);
      if (before.row(key).isPresent() && !isWritten) {
        present.add(key);
      }
    }
    if (!present.isEmpty()) {
      all.add(
          ALL_FOUND
              + "(SELECT 1 FROM dim_entries e, unnest(?, ?) AS u (key, was)"
              + " WHERE e.key = u.key AND e.version = u.was FOR UPDATE OF e) AS same",
          all.texts(present),
          all.texts(present),
          all.numbers(column(present, key -> before.row(key).version())));
    }
  }

  /**
   * Looks for what was not there to be deleted, when all locks are held: whoever had one of them
   * before may have created it, and has committed by now.
   */
  private void checkMissed() throws SQLException {
    if (!effects.missed.isEmpty()) {
      all.add(
          "SELECT 1 / (NOT EXISTS (SELECT 1 FROM dim_entries WHERE key = ANY(?)))::int",
          all.texts(effects.missed));
    }
  }

  /** An entry may have been deleted and created again: then its index keys tell, or its blob. */
  private void update(List<String> keys, List<NewRow> rows) throws SQLException {
    all.add(
        "WITH updated AS (UPDATE dim_entries e SET version = u.version, indexes = u.indexes,"
            + " blob = u.blob, value = u.value FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)"
            + " AS u (key, was, had, held, version, indexes, blob, value)"
            + UNCHANGED
            + " RETURNING 1) "
            + ALL_FOUND
            + "updated",
        all.texts(keys),
        all.numbers(column(keys, key -> before.row(key).version())),
        all.texts(column(keys, key -> before.row(key).indexesText())),
        all.texts(column(keys, key -> blob(before.row(key)))),
        all.numbers(column(rows, entry -> entry.row().version())),
        all.texts(column(rows, entry -> entry.row().indexesText())),
        all.texts(column(rows, entry -> blob(entry.row()))),
        all.bytes(values(rows)),
        all.texts(keys));
  }

  private static @Nullable String blob(Row row) {
    return row.blob().map(Digest::value).orElse(null);
  }

  private static byte[][] values(List<NewRow> rows) {
    byte[][] values = new byte[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(i).cell().bytes().orElse(null);
    }
    return values;
  }

  private void delete() throws SQLException {
    List<String> keys = effects.deletes;
    if (!keys.isEmpty()) {
      all.add(
          "WITH deleted AS (DELETE FROM dim_entries e USING unnest(?, ?, ?, ?)"
              + " AS u (key, was, had, held)"
              + UNCHANGED
              + " RETURNING 1) "
              + ALL_FOUND
              + "deleted",
          all.texts(keys),
          all.numbers(column(keys, key -> before.row(key).version())),
          all.texts(column(keys, key -> before.row(key).indexesText())),
          all.texts(column(keys, key -> blob(before.row(key)))),
          all.texts(keys));
    }
    if (!effects.absences.isEmpty()) {
      all.add("DELETE FROM dim_entries WHERE key = ANY(?)", all.texts(effects.absences));
    }
  }

  private void addIndexKeys(String sql, List<IndexKey> lines) throws SQLException {
    all.add(
        sql,
        all.texts(column(lines, IndexKey::index)),
        all.texts(column(lines, IndexKey::indexKey)),
        all.texts(column(lines, IndexKey::key)));
  }

  private void addChanges() throws SQLException {
    List<LoggedChange> changes = effects.changes;
    all.add(
        "INSERT INTO dim_changes (stream, at, tx, keys) SELECT * FROM unnest(?, ?, ?, ?)",
        all.texts(column(changes, LoggedChange::stream)),
        all.numbers(column(changes, LoggedChange::at)),
        all.texts(column(changes, LoggedChange::transactionId)),
        all.texts(column(changes, change -> Texts.join(change.keys()))));
  }

  private void addReferences() throws SQLException {
    if (!effects.references.isEmpty()) {
      all.add(
          "UPDATE dim_blobs b SET refs = refs + u.change, touched = touched + 1"
              + " FROM unnest(?, ?) AS u (digest, change) WHERE b.digest = u.digest",
          all.texts(effects.references.keySet().stream().map(Digest::value).toList()),
          all.numbers(effects.references.values().stream().map(Integer::longValue).toList()));
    }
  }

  /** May hold nulls, as a column may. */
  private static <R, T> List<T> column(List<R> rows, Function<R, T> value) {
    List<T> column = new ArrayList<>();
    rows.forEach(row -> column.add(value.apply(row)));
    return column;
  }
}
