package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.FileBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills an empty store from an {@link Archive}, whole or not at all. Used once, by one thread. */
final class StoreImport implements ArchiveReader.Visitor {
  private static final Logger LOG = LoggerFactory.getLogger(StoreImport.class);

  private final LargeValues values;
  private final SessionTable sessions;
  private final LongConsumer progress;
  private final Statements on;
  private final List<Digest> written = new ArrayList<>();
  private long entries;

  private StoreImport(
      LargeValues values, SessionTable sessions, LongConsumer progress, Statements on) {
    this.values = values;
    this.sessions = sessions;
    this.progress = progress;
    this.on = on;
  }

  /** The number of entries. */
  static long run(Backend backend, LargeValues values, InputStream in, LongConsumer progress)
      throws IOException {
    return backend
        .database()
        .writeOnce(
            on -> {
              requireEmpty(on);
              requireEmpty(values);
              StoreImport loading = new StoreImport(values, backend.sessions(), progress, on);
              try {
                new ArchiveReader(in).read(loading);
                return loading.entries;
              } catch (IOException | SQLException | RuntimeException | Error e) {
                loading.removeBlobs();
                throw e;
              }
            });
  }

  /** Before anything was committed, so that nothing can refer to them. */
  private void removeBlobs() {
    for (Digest digest : written) {
      try {
        values.blobs().orElseThrow().delete(digest);
      } catch (IOException e) {
        LOG.warn("blob {} of an import that failed cannot be removed", digest, e);
      }
    }
  }

  private static void requireEmpty(Statements on) throws SQLException {
    try (ResultSet found =
        on.prepare(
                "SELECT 1 FROM dim_entries UNION ALL SELECT 1 FROM dim_streams"
                    + " UNION ALL SELECT 1 FROM dim_epochs WHERE last > 0 LIMIT 1")
            .executeQuery()) {
      if (found.next()) {
        throw new DimException(
            ErrorCode.INVALID_ARGUMENT,
            "store: is not empty; allowed: a new file, or a database without DIM's tables");
      }
    }
  }

  /**
   * Large values are known to the database only when all is committed, so that what an import
   * leaves that is killed nobody removes.
   */
  private static void requireEmpty(LargeValues values) throws IOException {
    if (values.blobs().orElse(null) instanceof FileBlobStore folder && !folder.isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "blobs: the folder is not empty; allowed: a new one, or, after an import that was"
              + " killed, the same when it was deleted");
    }
  }

  @Override
  public void entry(String key, Row row, byte[] stored) throws IOException, SQLException {
    Cell cell = values.storeUncounted(key, values.codec().decodeFrom(key, stored), written::add);
    if (cell.blob().isPresent()) {
      on.update(
          "INSERT INTO dim_blobs (digest, refs, touched) VALUES (?, 1, 0)",
          cell.blob().get().value());
    }
    PreparedStatement insert =
        on.prepare(
            "INSERT INTO dim_entries (key, version, indexes, blob, value) VALUES (?, ?, ?, ?, ?)");
    insert.setString(1, key);
    insert.setLong(2, row.version());
    insert.setString(3, row.indexesText());
    insert.setString(4, cell.blob().map(Digest::value).orElse(null));
    insert.setBytes(5, cell.bytes().orElse(null));
    insert.executeUpdate();
    for (Map.Entry<String, String> index : row.indexes().entrySet()) {
      on.update(
          "INSERT INTO dim_index_keys (index_name, index_key, entry_key) VALUES (?, ?, ?)",
          index.getKey(),
          index.getValue(),
          key);
    }
    progress.accept(++entries);
  }

  @Override
  public void stream(String name, long last) throws SQLException {
    on.update("INSERT INTO dim_streams (name, last, fences) VALUES (?, ?, 0)", name, last);
  }

  @Override
  public void session(long epoch, String owner) throws SQLException {
    sessions.addEnded(on, epoch, owner);
  }

  @Override
  public void epoch(long last) throws SQLException {
    on.update("UPDATE dim_epochs SET last = ?", last);
  }
}
