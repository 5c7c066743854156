package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.jdbc.Effects.IndexKey;
import io.powernode.dim.jdbc.Effects.LoggedChange;
import io.powernode.dim.jdbc.Effects.NewRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes what a batch changes, and commits, in one message. The server leaves out the rest of a
 * message after an error, and so commits only what was written whole.
 */
final class PostgresWrites {
  private static final NewRow PLACE = NewRow.NONE;

  private final Effects effects;
  private final Composite all;
  private final SortedMap<String, NewRow> inserts;

  PostgresWrites(Statements on, Effects effects) {
    this.effects = effects;
    this.all = new Composite(on);
    this.inserts = new TreeMap<>(effects.inserts);
    effects.absences.forEach(key -> inserts.put(key, PLACE));
  }

  /**
   * An entry cannot be locked before it is there, so somebody else may have created one since,
   * which is an error; and a key that must stay without an entry is held by one that comes and
   * goes.
   */
  void run() throws SQLException {
    if (!inserts.isEmpty()) {
      addEntries(
          "INSERT INTO dim_entries (key, version, indexes, blob, value)"
              + " SELECT * FROM unnest(?, ?, ?, ?, ?)",
          inserts);
    }
    if (!effects.updates.isEmpty()) {
      addEntries(
          "UPDATE dim_entries e SET version = u.version, indexes = u.indexes, blob = u.blob,"
              + " value = u.value FROM unnest(?, ?, ?, ?, ?)"
              + " AS u (key, version, indexes, blob, value) WHERE e.key = u.key",
          effects.updates);
    }
    List<String> deletes = new ArrayList<>(effects.deletes);
    deletes.addAll(effects.absences);
    if (!deletes.isEmpty()) {
      all.add("DELETE FROM dim_entries WHERE key = ANY(?)", all.texts(deletes));
    }
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

  private void addEntries(String sql, SortedMap<String, NewRow> entries) throws SQLException {
    List<NewRow> rows = List.copyOf(entries.values());
    byte[][] values = new byte[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(i).cell().bytes().orElse(null);
    }
    all.add(
        sql,
        all.texts(List.copyOf(entries.keySet())),
        all.numbers(column(rows, entry -> entry.row().version())),
        all.texts(column(rows, entry -> entry.row().indexesText())),
        all.texts(column(rows, entry -> entry.cell().blob().map(Digest::value).orElse(null))),
        all.bytes(values));
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
    all.add(
        "UPDATE dim_streams s SET last = u.last FROM unnest(?, ?) AS u (name, last)"
            + " WHERE s.name = u.name",
        all.texts(List.copyOf(effects.streams.keySet())),
        all.numbers(List.copyOf(effects.streams.values())));
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
