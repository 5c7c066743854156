package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An entry as its row has it. */
record StoredRow(String key, Row row, Cell cell) {
  private static final int PAGE = 500;

  /** Does something with one row. */
  interface Visitor {
    void visit(StoredRow row) throws SQLException;
  }

  /** Goes through all rows, in the order of their keys. */
  static void forEach(Connection on, Visitor visitor) throws SQLException {
    String after = "";
    List<StoredRow> page = page(on, after);
    while (!page.isEmpty()) {
      for (StoredRow row : page) {
        visitor.visit(row);
      }
      after = page.get(page.size() - 1).key;
      page = page(on, after);
    }
  }

  /** The next rows after a key, in the order of their keys; none at the end. */
  static List<StoredRow> page(Connection on, String after) throws SQLException {
    List<StoredRow> rows = new ArrayList<>();
    try (PreparedStatement select =
        on.prepareStatement(
            "SELECT key, version, indexes, blob, value FROM dim_entries WHERE key > ?"
                + " ORDER BY key LIMIT "
                + PAGE)) {
      select.setString(1, after);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          Optional<Digest> blob = Optional.ofNullable(found.getString(4)).map(Digest::new);
          rows.add(
              new StoredRow(
                  found.getString(1),
                  Row.of(found.getLong(2), found.getString(3), blob),
                  new Cell(Optional.ofNullable(found.getBytes(5)), blob)));
        }
      }
    }
    return rows;
  }
}
