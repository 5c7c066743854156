package io.powernode.dim.jdbc;

import io.powernode.dim.spi.StateStore.Change;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The latest changes of each stream, for watchers and for looking up what became of a transaction.
 * A stream's numbers are given out in the order in which its commits take effect, so whoever has
 * read up to one has missed nothing before it. Thread-safe.
 */
record ChangeLog(Database database) {

  /** The changes after a number that are kept, in order, a page of them. */
  List<Change.Applied> after(String stream, long at, int limit) {
    return database.read(
        on -> {
          List<Change.Applied> changes = new ArrayList<>();
          try (PreparedStatement select =
              on.prepareStatement(
                  "SELECT at, keys FROM dim_changes WHERE stream = ? AND at > ?"
                      + " ORDER BY at LIMIT ?")) {
            select.setString(1, stream);
            select.setLong(2, at);
            select.setInt(3, limit);
            try (ResultSet found = select.executeQuery()) {
              while (found.next()) {
                changes.add(new Change.Applied(found.getLong(1), Texts.split(found.getString(2))));
              }
            }
          }
          return changes;
        });
  }

  /** The number of the last change, by stream. */
  Map<String, Long> last() {
    return database.read(
        on -> {
          Map<String, Long> last = new HashMap<>();
          try (PreparedStatement select =
                  on.prepareStatement("SELECT name, last FROM dim_streams");
              ResultSet found = select.executeQuery()) {
            while (found.next()) {
              last.put(found.getString(1), found.getLong(2));
            }
          }
          return last;
        });
  }

  /** Whether a transaction took effect, as far as can be seen now. */
  boolean has(String transactionId) {
    return database.read(
        on -> {
          try (PreparedStatement select =
              on.prepareStatement("SELECT 1 FROM dim_changes WHERE tx = ? LIMIT 1")) {
            select.setString(1, transactionId);
            try (ResultSet found = select.executeQuery()) {
              return found.next();
            }
          }
        });
  }

  /**
   * Comes after every transaction whose COMMIT was ever sent. What has not taken effect then never
   * will: one that the server has at work holds the rows of its streams, and is waited for; one
   * that is still on its way finds another number of fences, and is undone; and what a failed
   * COMMIT may have left in SQLite's log is overwritten, for which something must change.
   */
  void fence() {
    for (String stream : last().keySet()) {
      database.write(
          on -> on.update("UPDATE dim_streams SET fences = fences + 1 WHERE name = ?", stream));
    }
  }

  /** The number of the oldest change of a stream that is kept, or 0. */
  long oldest(String stream) {
    List<Change.Applied> first = after(stream, 0, 1);
    return first.isEmpty() ? 0 : first.get(0).at();
  }

  /** Removes the changes of a stream up to a number, which is one transaction. */
  void removeUpTo(String stream, long at) {
    database.write(
        on -> on.update("DELETE FROM dim_changes WHERE stream = ? AND at <= ?", stream, at));
  }
}
