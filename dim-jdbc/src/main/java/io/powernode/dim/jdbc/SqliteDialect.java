package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.jdbc.Effects.IndexKey;
import io.powernode.dim.jdbc.Effects.LoggedChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * SQLite. The library runs in this process, so statements cost little and go row by row. There is
 * one writer: nothing needs a lock, and nothing is ever in the way.
 */
final class SqliteDialect implements Dialect {
  private final SessionClock sessions;

  SqliteDialect(SessionClock sessions) {
    this.sessions = sessions;
  }

  @Override
  public Snapshot read(Statements on, Footprint footprint) throws SQLException {
    return new Snapshot(
        streams(on, footprint.streams()),
        rows(on, footprint.keys()),
        sessions.statusOf(footprint.epochs()),
        blobs(on, footprint.blobs()));
  }

  private static Map<String, StreamHead> streams(Statements on, SortedSet<String> names)
      throws SQLException {
    PreparedStatement select = on.prepare("SELECT last, fences FROM dim_streams WHERE name = ?");
    Map<String, StreamHead> heads = new HashMap<>();
    for (String name : names) {
      select.setString(1, name);
      try (ResultSet found = select.executeQuery()) {
        heads.put(
            name,
            found.next() ? new StreamHead(found.getLong(1), found.getLong(2)) : StreamHead.NEW);
      }
    }
    return heads;
  }

  private static Map<String, Row> rows(Statements on, SortedSet<String> keys) throws SQLException {
    PreparedStatement select =
        on.prepare("SELECT version, indexes, blob FROM dim_entries WHERE key = ?");
    Map<String, Row> rows = new HashMap<>();
    for (String key : keys) {
      select.setString(1, key);
      try (ResultSet found = select.executeQuery()) {
        if (found.next()) {
          Optional<Digest> blob = Optional.ofNullable(found.getString(3)).map(Digest::new);
          rows.put(key, Row.of(found.getLong(1), found.getString(2), blob));
        }
      }
    }
    return rows;
  }

  private static Set<Digest> blobs(Statements on, SortedSet<Digest> digests) throws SQLException {
    Set<Digest> registered = new HashSet<>();
    for (Digest digest : digests) {
      PreparedStatement select =
          on.prepare("SELECT 1 FROM dim_blobs WHERE digest = ? AND refs >= 0");
      select.setString(1, digest.value());
      try (ResultSet found = select.executeQuery()) {
        if (found.next()) {
          registered.add(digest);
        }
      }
    }
    return registered;
  }

  @Override
  public void write(Statements on, BatchPlan plan, Optional<Footprint> unread) throws SQLException {
    Effects effects = plan.effects();
    writeEntries(on, effects);
    writeIndexes(on, effects);
    for (LoggedChange change : effects.changes) {
      PreparedStatement insert =
          on.prepare("INSERT INTO dim_changes (stream, at, tx, keys) VALUES (?, ?, ?, ?)");
      insert.setString(1, change.stream());
      insert.setLong(2, change.at());
      insert.setString(3, change.transactionId());
      insert.setString(4, Texts.join(change.keys()));
      insert.executeUpdate();
    }
    for (Map.Entry<String, StreamHead> stream : effects.streams.entrySet()) {
      on.update(
          "UPDATE dim_streams SET last = ? WHERE name = ?",
          stream.getValue().last(),
          stream.getKey());
    }
    for (Map.Entry<Digest, Integer> blob : effects.references.entrySet()) {
      on.update(LargeValues.COUNT_REFERENCES, blob.getValue(), blob.getKey().value());
    }
  }

  private static void writeEntries(Statements on, Effects effects) throws SQLException {
    for (Map.Entry<String, Effects.NewRow> entry : effects.inserts.entrySet()) {
      set(
          on.prepare(
              "INSERT INTO dim_entries (version, indexes, blob, value, key) VALUES (?, ?, ?, ?, ?)"),
          entry);
    }
    for (Map.Entry<String, Effects.NewRow> entry : effects.updates.entrySet()) {
      set(
          on.prepare(
              "UPDATE dim_entries SET version = ?, indexes = ?, blob = ?, value = ? WHERE key = ?"),
          entry);
    }
    for (String key : effects.deletes) {
      on.update("DELETE FROM dim_entries WHERE key = ?", key);
    }
  }

  private static void set(PreparedStatement statement, Map.Entry<String, Effects.NewRow> entry)
      throws SQLException {
    Row row = entry.getValue().row();
    Cell cell = entry.getValue().cell();
    statement.setLong(1, row.version());
    statement.setString(2, row.indexesText());
    statement.setString(3, cell.blob().map(Digest::value).orElse(null));
    statement.setBytes(4, cell.bytes().orElse(null));
    statement.setString(5, entry.getKey());
    statement.executeUpdate();
  }

  private static void writeIndexes(Statements on, Effects effects) throws SQLException {
    for (IndexKey line : effects.unlisted) {
      on.update(
          "DELETE FROM dim_index_keys WHERE index_name = ? AND index_key = ? AND entry_key = ?",
          line.index(),
          line.indexKey(),
          line.key());
    }
    for (IndexKey line : effects.listed) {
      on.update(
          "INSERT INTO dim_index_keys (index_name, index_key, entry_key) VALUES (?, ?, ?)",
          line.index(),
          line.indexKey(),
          line.key());
    }
  }

  /** The state is that of the first read. */
  @Override
  public void beginSnapshot(Connection on) throws SQLException {
    on.setAutoCommit(false);
  }

  /** Nothing limits it. */
  @Override
  public void allowLong(Connection on) {}

  @Override
  public List<String> inspect(Connection on) throws SQLException {
    List<String> damages = new ArrayList<>();
    try (Statement statement = on.createStatement();
        ResultSet found = statement.executeQuery("PRAGMA integrity_check")) {
      while (found.next()) {
        if (!"ok".equals(found.getString(1))) {
          damages.add("the file: " + found.getString(1));
        }
      }
    }
    return damages;
  }

  @Override
  public Fault fault(SQLException error) {
    return SqliteFaults.of(error);
  }

  @Override
  public boolean isUndone(SQLException error, Step step) {
    return step != Step.COMMIT || SqliteFaults.isUndone(error);
  }
}
