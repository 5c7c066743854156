package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Looks at everything in a store, as it is at one moment. Used once, by one thread. */
final class StoreCheck {
  private static final int PROBLEMS_TOLD = 100;

  private final Database database;
  private final LargeValues values;
  private final LongConsumer progress;
  private final List<String> problems = new ArrayList<>();
  private long entries;
  private long large;
  private long bytes;
  private long notCurrent;
  private long indexLines;

  StoreCheck(Database database, LargeValues values, LongConsumer progress) {
    this.database = database;
    this.values = values;
    this.progress = progress;
  }

  StoreReport run() {
    return database.snapshot(
        on -> {
          database.inspect(on).forEach(this::problem);
          StoredRow.forEach(on, row -> check(on, row));
          checkIndexes(on);
          checkReferences(on);
          checkStreams(on);
          return new StoreReport(entries, large, bytes, notCurrent, problems);
        });
  }

  private void problem(String what) {
    if (problems.size() < PROBLEMS_TOLD) {
      problems.add(what);
    }
  }

  private void check(Connection on, StoredRow row) throws SQLException {
    entries++;
    large += row.cell().blob().isPresent() ? 1 : 0;
    checkValue(row);
    checkLines(on, row);
    progress.accept(entries);
  }

  private void checkValue(StoredRow row) {
    try {
      byte[] stored = values.stored(row.cell());
      bytes += stored.length;
      values.codec().decodeFrom(row.key(), stored);
      notCurrent += values.codec().isCurrent(stored) ? 0 : 1;
    } catch (DimException e) {
      problem("entry " + row.key() + ": " + e.getMessage());
    }
  }

  private void checkLines(Connection on, StoredRow row) throws SQLException {
    try (PreparedStatement select =
        on.prepareStatement(
            "SELECT 1 FROM dim_index_keys"
                + " WHERE index_name = ? AND index_key = ? AND entry_key = ?")) {
      for (Map.Entry<String, String> index : row.row().indexes().entrySet()) {
        select.setString(1, index.getKey());
        select.setString(2, index.getValue());
        select.setString(3, row.key());
        try (ResultSet found = select.executeQuery()) {
          if (found.next()) {
            indexLines++;
          } else {
            problem("entry " + row.key() + ": is missing from index " + index.getKey());
          }
        }
      }
    }
  }

  /** Every line that was looked for was counted when it was found: more are somebody else's. */
  private void checkIndexes(Connection on) throws SQLException {
    long lines = number(on, "SELECT count(*) FROM dim_index_keys");
    if (lines > indexLines) {
      problem("indexes: " + (lines - indexLines) + " lines belong to no entry");
    }
  }

  private void checkReferences(Connection on) throws SQLException {
    long wrong =
        number(
            on,
            "SELECT count(*) FROM (SELECT blob, count(*) AS refs FROM dim_entries"
                + " WHERE blob IS NOT NULL GROUP BY blob) r"
                + " FULL JOIN dim_blobs b ON b.digest = r.blob"
                + " WHERE b.refs IS NULL OR b.refs <> r.refs OR r.refs IS NULL AND b.refs > 0");
    if (wrong > 0) {
      problem("large values: " + wrong + " have another number of references than is kept");
    }
  }

  private void checkStreams(Connection on) throws SQLException {
    long wrong =
        number(
            on,
            "SELECT count(*) FROM (SELECT stream, min(at) AS low, max(at) AS high,"
                + " count(*) AS kept FROM dim_changes GROUP BY stream) c"
                + " LEFT JOIN dim_streams s ON s.name = c.stream"
                + " WHERE s.last IS NULL OR s.last <> c.high OR c.high - c.low + 1 <> c.kept");
    if (wrong > 0) {
      problem("streams: " + wrong + " have a gap in their changes");
    }
  }

  private static long number(Connection on, String sql) throws SQLException {
    try (PreparedStatement select = on.prepareStatement(sql);
        ResultSet found = select.executeQuery()) {
      found.next();
      return found.getLong(1);
    }
  }
}
