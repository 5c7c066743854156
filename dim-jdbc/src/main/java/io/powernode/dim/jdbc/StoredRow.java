package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An entry as its row has it. Rows are fetched a few at a time, since each may be large. */
record StoredRow(String key, Row row, Cell cell) {
  private static final int FETCHED = 16;
  private static final int PAGE_ROWS = 500;
  private static final long PAGE_BYTES = 4 << 20;

  private static final String AFTER =
      "SELECT key, version, indexes, blob, value FROM dim_entries WHERE key > ? ORDER BY key";

  /** Does something with one row. */
  interface Visitor {
    void visit(StoredRow row) throws SQLException;
  }

  /** Goes through all rows, in the order of their keys. Within a transaction. */
  static void forEach(Connection on, Visitor visitor) throws SQLException {
    try (PreparedStatement select = on.prepareStatement(AFTER)) {
      select.setFetchSize(FETCHED);
      select.setString(1, "");
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          visitor.visit(of(found));
        }
      }
    }
  }

  /**
   * The next rows after a key, in the order of their keys, as many as are well held in memory; none
   * at the end. Within a transaction.
   */
  static List<StoredRow> page(Connection on, String after) throws SQLException {
    List<StoredRow> rows = new ArrayList<>();
    long bytes = 0;
    try (PreparedStatement select = on.prepareStatement(AFTER)) {
      select.setFetchSize(FETCHED);
      select.setString(1, after);
      try (ResultSet found = select.executeQuery()) {
        while (rows.size() < PAGE_ROWS && bytes < PAGE_BYTES && found.next()) {
          StoredRow row = of(found);
          bytes += row.cell.bytes().map(value -> value.length).orElse(0);
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** The row of a query for key, version, indexes, blob and value. */
  static StoredRow of(ResultSet found) throws SQLException {
    Optional<Digest> blob = Optional.ofNullable(found.getString(4)).map(Digest::new);
    return new StoredRow(
        found.getString(1),
        Row.of(found.getLong(2), found.getString(3), blob),
        new Cell(Optional.ofNullable(found.getBytes(5)), blob));
  }
}
