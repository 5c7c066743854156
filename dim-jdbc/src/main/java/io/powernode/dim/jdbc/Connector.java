package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore.Durability;
import java.util.Optional;

/** Opens one kind of database. */
interface Connector {
  /**
   * Opens it, with the tables in the form that this version knows.
   *
   * @param readers how many connections read
   * @throws DimException if it cannot be opened
   */
  Backend connect(Environment environment, int readers);

  /**
   * Where large values go if no other place is named; asked for when it was connected. In the
   * database, unless there is a place that all who use it share.
   */
  default Optional<BlobStore> blobs() {
    return Optional.empty();
  }

  /**
   * Sees to it that there is a store to open, of whatever version.
   *
   * @throws DimException if there is none, or that cannot be told
   */
  void requireStore();

  /**
   * An open database.
   *
   * @param lock closed last
   */
  record Backend(
      Database database,
      BatchWriter batches,
      SessionTable sessions,
      Durability durability,
      Lock lock)
      implements AutoCloseable {

    @Override
    public void close() {
      try {
        database.close();
      } finally {
        lock.close();
      }
    }
  }

  /** The right to use the database. */
  interface Lock extends AutoCloseable {
    @Override
    void close();
  }
}
