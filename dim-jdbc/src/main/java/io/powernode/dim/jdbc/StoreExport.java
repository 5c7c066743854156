package io.powernode.dim.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongConsumer;

/**
 * Copies a store, as it is at one moment, into an {@link Archive}. Of sessions only their epochs
 * and owners go with it, since jobs of sessions that are known to have ended are taken over. The
 * log of changes stays behind: whoever watches a copy reads the state first. Used once, by one
 * thread.
 */
final class StoreExport {
  private final LargeValues values;
  private final ArchiveWriter archive;
  private final LongConsumer progress;
  private long entries;

  StoreExport(LargeValues values, OutputStream out, LongConsumer progress) throws IOException {
    this.values = values;
    this.archive = new ArchiveWriter(out);
    this.progress = progress;
  }

  /** The number of entries. */
  long run(Database database) throws IOException {
    try {
      return database.snapshot(this::copy);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private long copy(Connection on) throws SQLException {
    try {
      StoredRow.forEach(on, this::copy);
      try (PreparedStatement select =
              on.prepareStatement("SELECT name, last FROM dim_streams ORDER BY name");
          ResultSet found = select.executeQuery()) {
        while (found.next()) {
          archive.stream(found.getString(1), found.getLong(2));
        }
      }
      try (PreparedStatement select =
              on.prepareStatement("SELECT epoch, owner FROM dim_sessions ORDER BY epoch");
          ResultSet found = select.executeQuery()) {
        while (found.next()) {
          archive.session(found.getLong(1), found.getString(2));
        }
      }
      try (PreparedStatement select = on.prepareStatement("SELECT last FROM dim_epochs");
          ResultSet found = select.executeQuery()) {
        found.next();
        archive.epoch(found.getLong(1));
      }
      archive.end();
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy(StoredRow row) {
    try {
      archive.entry(row.key(), row.row(), values.stored(row.cell()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.accept(++entries);
  }
}
