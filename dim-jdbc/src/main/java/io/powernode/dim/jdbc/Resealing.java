package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Encodes anew what the store's cipher would encrypt with another key by now, beside whoever uses
 * the store: a value that is replaced meanwhile is left alone.
 */
record Resealing(Database database, LargeValues values, LongConsumer progress) {

  /** A value with what it is to be. */
  private record Change(StoredRow from, Cell to) {}

  /** How many values were changed. */
  long run() throws IOException {
    long seen = 0;
    long changed = 0;
    List<StoredRow> page = page("");
    while (!page.isEmpty()) {
      List<Change> changes = changes(page);
      if (!changes.isEmpty()) {
        changed += database.write(on -> apply(on, changes));
      }
      seen += page.size();
      progress.accept(seen);
      page = page(page.get(page.size() - 1).key());
    }
    return changed;
  }

  private List<StoredRow> page(String after) {
    return database.snapshot(on -> StoredRow.page(on, after));
  }

  private List<Change> changes(List<StoredRow> page) throws IOException {
    List<Change> changes = new ArrayList<>();
    for (StoredRow row : page) {
      byte[] stored = values.stored(row.cell());
      if (!values.codec().isCurrent(stored)) {
        byte[] plain = values.codec().decodeFrom(row.key(), stored);
        changes.add(new Change(row, values.store(row.key(), plain)));
      }
    }
    return changes;
  }

  private static int apply(Statements on, List<Change> changes) throws SQLException {
    int applied = 0;
    for (Change change : changes) {
      PreparedStatement update =
          on.prepare(
              "UPDATE dim_entries SET blob = ?, value = ? WHERE key = ? AND version = ?"
                  + " AND blob IS NOT DISTINCT FROM ? AND value IS NOT DISTINCT FROM ?");
      update.setString(1, change.to.blob().map(Digest::value).orElse(null));
      update.setBytes(2, change.to.bytes().orElse(null));
      update.setString(3, change.from.key());
      update.setLong(4, change.from.row().version());
      update.setString(5, change.from.cell().blob().map(Digest::value).orElse(null));
      update.setBytes(6, change.from.cell().bytes().orElse(null));
      if (update.executeUpdate() == 1) {
        applied++;
        count(on, change.from.cell(), -1);
        count(on, change.to, 1);
      }
    }
    return applied;
  }

  private static void count(Statements on, Cell cell, int by) throws SQLException {
    if (cell.blob().isPresent()
        && on.update(LargeValues.COUNT_REFERENCES, by, cell.blob().get().value()) == 0) {
      throw new DimException(
          ErrorCode.UNAVAILABLE, "a large value waited too long to be written anew");
    }
  }
}
