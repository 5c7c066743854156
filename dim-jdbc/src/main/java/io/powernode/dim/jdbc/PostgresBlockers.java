package io.powernode.dim.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that keep the store's own one waiting and whose process is silent: it was
 * stopped, or cut off, perhaps in the middle of a message, so that to the server it is at work and
 * not idle. One that was only slow finds its connection lost, looks up what became of its commit,
 * and sends it again if need be. Whoever only reads keeps nobody waiting, and is left alone. See
 * "Monitoring Database Activity" in PostgreSQL's documentation. Thread-safe.
 */
final class PostgresBlockers {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBlockers.class);

  /** How often one looks: who waits is free again after two seconds, before it gives up. */
  static final Duration LOOK = Duration.ofMillis(500);

  /**
   * Only of the same user, since that takes no rights. The state changes with every part of a
   * message that the server turns to. Who is waited for is asked last, as it costs most.
   */
  private static final String END =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE backend_xid IS NOT NULL AND wait_event_type = 'Client'"
          + " AND state_change < clock_timestamp() - interval '1.5 seconds'"
          + " AND usename = session_user AND pid = ANY(pg_blocking_pids(%d))";

  private volatile int writer;
  private volatile boolean arePossible = true;

  /** The store writes through this connection from now on, which is not in a transaction yet. */
  void watch(Connection connection) throws SQLException {
    if (arePossible) {
      writer = number(connection, "SELECT pg_backend_pid()");
    }
  }

  /** Whether such can be ended here: not every server that speaks PostgreSQL's protocol can. */
  boolean arePossible() {
    return arePossible;
  }

  /** Ends those of this moment; asks nothing of a database to which nothing is being written. */
  void end(Database database) {
    if (database.isWriting()) {
      int ended = database.read(on -> number(on, END.formatted(writer)));
      if (ended > 0) {
        LOG.warn("{} transactions of silent processes were in the way and were ended", ended);
      }
    }
  }

  private int number(Connection on, String sql) throws SQLException {
    try (Statement statement = on.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getInt(1);
    } catch (SQLException e) {
      if (!PostgresFaults.isUnsupported(e)) {
        throw e;
      }
      arePossible = false;
      LOG.info(
          "transactions of silent processes cannot be ended on this database (SQLSTATE {})",
          e.getSQLState());
      return 0;
    }
  }
}
