package io.powernode.dim.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Connections to the database: a pool for reading, and one for writing. What fails is UNAVAILABLE.
 * Thread-safe.
 */
final class Database implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  private final HikariDataSource readers;
  private final WriterConnection writer;
  private final Dialect dialect;
  private final int networkTimeoutMillis;

  /**
   * A database.
   *
   * @param networkTimeoutMillis when a reader gives up waiting for the other side; 0 if there is no
   *     network
   */
  Database(
      HikariDataSource readers,
      WriterConnection writer,
      Dialect dialect,
      int networkTimeoutMillis) {
    this.networkTimeoutMillis = networkTimeoutMillis;
    this.readers = readers;
    this.writer = writer;
    this.dialect = dialect;
  }

  /** What is asked of the database for reading. */
  interface Query<T> {
    T run(Connection on) throws SQLException;
  }

  /** What is done in one transaction, again if another one is in the way. */
  interface Transaction<T> {
    T run(Statements on) throws SQLException;
  }

  /** What is done in one transaction, once. */
  interface LongTransaction<T> {
    T run(Statements on) throws SQLException, IOException;
  }

  <T> T read(Query<T> query) {
    try (Connection connection = readers.getConnection()) {
      if (networkTimeoutMillis > 0) {
        connection.setNetworkTimeout(Runnable::run, networkTimeoutMillis);
      }
      return query.run(connection);
    } catch (SQLException e) {
      throw dialect.fault(e).asException(e);
    }
  }

  /** Reads the state of one moment, in as many statements as it takes. */
  <T> T snapshot(Query<T> query) {
    return read(
        on -> {
          dialect.beginSnapshot(on);
          try {
            return query.run(on);
          } finally {
            on.rollback();
          }
        });
  }

  /** What is damaged in the database's own structure, for a person. */
  List<String> inspect(Connection on) throws SQLException {
    return dialect.inspect(on);
  }

  /** Completes when the transaction is durable. */
  <T> T write(Transaction<T> transaction) {
    writer.lock().lock();
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          Statements on = writer.get();
          T result = transaction.run(on);
          on.commit();
          return result;
        } catch (SQLException e) {
          writer.discard();
          Fault fault = dialect.fault(e);
          if (attempt == ATTEMPTS || fault.kind() != Fault.Kind.COLLISION) {
            throw fault.asException(e);
          }
        } catch (RuntimeException | Error e) {
          writer.discard();
          throw e;
        }
      }
    } finally {
      writer.lock().unlock();
    }
  }

  /**
   * Runs what cannot be run again, in one transaction that may take long. Completes when it is
   * durable; nothing is changed if it throws.
   */
  <T> T writeOnce(LongTransaction<T> transaction) throws IOException {
    writer.lock().lock();
    try {
      Statements on = writer.get();
      dialect.allowLong(on.connection());
      T result = transaction.run(on);
      on.commit();
      return result;
    } catch (SQLException e) {
      writer.discard();
      throw dialect.fault(e).asException(e);
    } catch (IOException | RuntimeException | Error e) {
      writer.discard();
      throw e;
    } finally {
      writer.lock().unlock();
    }
  }

  /** The writer last: it leaves SQLite's file in one piece. */
  @Override
  public void close() {
    readers.close();
    writer.close();
  }
}
