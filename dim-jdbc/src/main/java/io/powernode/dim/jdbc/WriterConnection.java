package io.powernode.dim.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection through which a store writes, opened again after a failure. Whoever uses it
 * holds the lock, which is fair, so that nothing is overtaken by batch after batch.
 */
final class WriterConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriterConnection.class);

  private final Source source;
  private final ReentrantLock lock = new ReentrantLock(true);
  private Optional<Statements> open = Optional.empty();
  private boolean closed;

  WriterConnection(Source source) {
    this.source = source;
  }

  /** Where connections for writing come from. */
  interface Source {
    Connection open() throws SQLException;

    /** Closes a connection that may be broken, without waiting for the other side. */
    void discard(Connection connection) throws SQLException;
  }

  ReentrantLock lock() {
    return lock;
  }

  /** The connection, in a transaction. Under the lock. */
  Statements get() throws SQLException {
    if (closed) {
      throw new SQLException("the store is closed", "08003");
    }
    if (open.isEmpty()) {
      open = Optional.of(new Statements(source.open()));
    }
    return open.get();
  }

  /** Undoes the transaction after another one was in its way. Under the lock. */
  void rollBack() {
    try {
      get().rollback();
    } catch (SQLException e) {
      discard();
    }
  }

  /** Gives up the connection and the transaction it is in. Under the lock. */
  void discard() {
    Optional<Statements> broken = open;
    open = Optional.empty();
    if (broken.isPresent()) {
      try {
        source.discard(broken.get().connection());
      } catch (SQLException e) {
        LOG.debug("a connection that was given up could not be closed", e);
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      discard();
    } finally {
      lock.unlock();
    }
  }
}
