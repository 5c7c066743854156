package io.powernode.dim.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Connections to the database: a pool for reading, and one for writing. What fails is UNAVAILABLE.
 * Thread-safe.
 */
final class Database implements AutoCloseable {
  private static final int ATTEMPTS = 10;
  private static final long WAIT_SECONDS = 5;

  private final HikariDataSource connections;
  private final Semaphore places;
  private final WriterConnection writer;
  private final Dialect dialect;
  private final int networkTimeoutMillis;

  /**
   * A database.
   *
   * @param connections for reading; closed with the database
   * @param readers how many of them are used at once
   * @param networkTimeoutMillis when a reader gives up waiting for the other side; 0 if there is no
   *     network
   */
  Database(
      HikariDataSource connections,
      int readers,
      WriterConnection writer,
      Dialect dialect,
      int networkTimeoutMillis) {
    this.networkTimeoutMillis = networkTimeoutMillis;
    this.connections = connections;
    this.places = new Semaphore(readers, true);
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

  /** Reads; again if the connection was lost that had lain ready for it. */
  <T> T read(Query<T> query) {
    try {
      return query(query);
    } catch (SQLException e) {
      if (dialect.isLost(e)) {
        return readOnce(query);
      }
      throw dialect.fault(e).asException(e);
    }
  }

  private <T> T readOnce(Query<T> query) {
    try {
      return query(query);
    } catch (SQLException e) {
      throw dialect.fault(e).asException(e);
    }
  }

  private <T> T query(Query<T> query) throws SQLException {
    acquire();
    try (Connection connection = connections.getConnection()) {
      if (networkTimeoutMillis > 0) {
        connection.setNetworkTimeout(Runnable::run, networkTimeoutMillis);
      }
      return query.run(connection);
    } finally {
      places.release();
    }
  }

  /** Those who read leave the connection alone that writes, also while it is being replaced. */
  private void acquire() {
    try {
      if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new DimException(
            ErrorCode.UNAVAILABLE, "too many read at once: no connection became free");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted before a read"), e);
    }
  }

  /** Reads the state of one moment, in as many statements, and as long, as it takes; once. */
  <T> T snapshot(Query<T> query) {
    return readOnce(
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
   * durable. If it throws, nothing is changed; but where the answer to the COMMIT was lost, all of
   * it may be durable.
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
      throw dialect.fault(e).asException(e);
    } finally {
      // Also where all went well: this one has no limits any more.
      writer.discard();
      writer.lock().unlock();
    }
  }

  /** Whether a transaction of this store is under way. */
  boolean isWriting() {
    return writer.lock().isLocked();
  }

  /** Does something while no transaction of this store is under way. */
  void betweenWrites(Runnable action) {
    writer.lock().lock();
    try {
      action.run();
    } finally {
      writer.lock().unlock();
    }
  }

  /** The writer last: it leaves SQLite's file in one piece. */
  @Override
  public void close() {
    connections.close();
    writer.close();
  }
}
