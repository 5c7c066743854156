package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StateStore.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads entries, one by its key or many by an index. Thread-safe. */
record EntryReader(Database database, LargeValues values) {

  Optional<Entry> get(String key) {
    return database.read(
        on -> {
          try (PreparedStatement select =
              on.prepareStatement("SELECT version, blob, value FROM dim_entries WHERE key = ?")) {
            select.setString(1, key);
            try (ResultSet found = select.executeQuery()) {
              return found.next() ? Optional.of(entry(key, found)) : Optional.empty();
            }
          }
        });
  }

  /** Goes to the place in the index and reads on from there: no page costs more than another. */
  Page scan(String index, String prefix, Optional<String> after, int limit) {
    Optional<Position> from = after.map(cursor -> Position.parse(cursor, prefix));
    Optional<String> end = Texts.afterAll(prefix);
    String sql =
        "SELECT e.version, e.blob, e.value, i.index_key, i.entry_key FROM dim_index_keys i"
            + " CROSS JOIN dim_entries e WHERE e.key = i.entry_key AND i.index_name = ?"
            + (from.isPresent()
                ? " AND (i.index_key, i.entry_key) > (?, ?)"
                : " AND i.index_key >= ?")
            + (end.isPresent() ? " AND i.index_key < ?" : "")
            + " ORDER BY i.index_key, i.entry_key LIMIT ?";
    List<String> arguments = new ArrayList<>(List.of(index));
    from.ifPresentOrElse(
        position -> arguments.addAll(List.of(position.indexKey(), position.key())),
        () -> arguments.add(prefix));
    end.ifPresent(arguments::add);
    return database.read(
        on -> {
          try (PreparedStatement select = prepared(on, sql, arguments)) {
            select.setLong(arguments.size() + 1, limit + 1L);
            try (ResultSet found = select.executeQuery()) {
              return page(found, limit);
            }
          }
        });
  }

  /** Counts in the index alone. */
  long count(String index, String prefix) {
    Optional<String> end = Texts.afterAll(prefix);
    String sql =
        "SELECT count(*) FROM dim_index_keys WHERE index_name = ? AND index_key >= ?"
            + (end.isPresent() ? " AND index_key < ?" : "");
    List<String> arguments = new ArrayList<>(List.of(index, prefix));
    end.ifPresent(arguments::add);
    return database.read(
        on -> {
          try (PreparedStatement select = prepared(on, sql, arguments);
              ResultSet found = select.executeQuery()) {
            found.next();
            return found.getLong(1);
          }
        });
  }

  /** Goes to the end of the index alone. */
  Optional<String> lastKey(String index) {
    String sql =
        "SELECT index_key FROM dim_index_keys WHERE index_name = ?"
            + " ORDER BY index_key DESC, entry_key DESC LIMIT 1";
    return database.read(
        on -> {
          try (PreparedStatement select = prepared(on, sql, List.of(index));
              ResultSet found = select.executeQuery()) {
            return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
          }
        });
  }

  private static PreparedStatement prepared(Connection on, String sql, List<String> arguments)
      throws SQLException {
    PreparedStatement prepared = on.prepareStatement(sql);
    for (int i = 0; i < arguments.size(); i++) {
      prepared.setString(i + 1, arguments.get(i));
    }
    return prepared;
  }

  private Page page(ResultSet found, int limit) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    Position last = new Position("", "");
    while (found.next()) {
      if (entries.size() == limit) {
        return new Page(entries, Optional.of(last.cursor()));
      }
      last = new Position(found.getString(4), found.getString(5));
      entries.add(entry(last.key(), found));
    }
    return new Page(entries, Optional.empty());
  }

  private Entry entry(String key, ResultSet found) throws SQLException {
    Optional<Digest> blob = Optional.ofNullable(found.getString(2)).map(Digest::new);
    Cell cell = new Cell(Optional.ofNullable(found.getBytes(3)), blob);
    return new Entry(key, found.getLong(1), values.read(key, cell));
  }
}
