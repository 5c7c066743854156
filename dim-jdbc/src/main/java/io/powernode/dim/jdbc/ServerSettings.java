package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.StateStore.Durability;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a PostgreSQL server is set to, as far as commits depend on it; see "Write Ahead Log" and
 * "Replication" in the chapter on server configuration of its documentation.
 */
record ServerSettings(
    int version, String encoding, boolean isForcing, String synchronousCommit, String standbys) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSettings.class);
  private static final int OLDEST = 140_000;
  private static final Set<String> WAITS_FOR_STANDBYS =
      Set.of("on", "remote_apply", "remote_write");

  static ServerSettings inspect(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int,"
                    + " current_setting('server_encoding'),"
                    + " current_setting('fsync')::bool AND current_setting('full_page_writes')::bool,"
                    + " current_setting('synchronous_commit'),"
                    + " current_setting('synchronous_standby_names')")) {
      found.next();
      return new ServerSettings(
          found.getInt(1),
          found.getString(2),
          found.getBoolean(3),
          found.getString(4),
          found.getString(5));
    }
  }

  /**
   * Refuses what cannot hold a store.
   *
   * @throws DimException if the server is too old, or its text is not Unicode
   */
  void check() {
    if (version < OLDEST) {
      throw Refusal.forGood("the database is older than PostgreSQL 14: use a newer one");
    }
    if (!encoding.equals("UTF8")) {
      throw Refusal.forGood(
          "the database's encoding is " + encoding + ": create one with the encoding UTF8");
    }
  }

  /** What commits survive, and a warning if that is less than the death of the machine. */
  Durability durability() {
    if (synchronousCommit.equals("off")) {
      LOG.warn("synchronous_commit is off: the database may lose commits that it has answered");
      return Durability.NONE;
    } else if (!isForcing) {
      LOG.warn(
          "fsync or full_page_writes is off: the database may lose commits, or all, with its"
              + " machine");
      return Durability.PROCESS_CRASH;
    }
    return !standbys.isEmpty() && WAITS_FOR_STANDBYS.contains(synchronousCommit)
        ? Durability.REPLICATED
        : Durability.MACHINE_CRASH;
  }
}
