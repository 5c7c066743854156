package io.powernode.dim.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import com.zaxxer.hikari.util.DriverDataSource;
import io.powernode.dim.spi.Environment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Opens a PostgreSQL database. */
record PostgresConnector(Supplier<DataSource> connections) implements Connector {
  private static final Schema SCHEMA =
      new Schema("postgres", "SELECT 1 WHERE to_regclass(?) IS NOT NULL");
  private static final long POOL_WAIT_MILLIS = 5_000;

  /** Longer than any statement may take, so that it ends only what will never answer. */
  private static final int NETWORK_TIMEOUT_MILLIS = 15_000;

  /**
   * A process that stands still in the middle of a transaction must not hold up the others until
   * its session has expired, hence the limit for idle transactions, and that for all, as one that
   * stops while it sends a message is not idle to the server; where somebody waits for it, {@link
   * PostgresBlockers} ends it sooner, and on older servers too. Every statement goes by a key or
   * along an index, whatever the tables' statistics say, and is planned once; where no index fits,
   * a table is read all the same. Only the primary will do: on a standby the last statement fails,
   * as {@link PostgresFaults} knows.
   */
  private static final String SESSION_SETTINGS =
      "SET lock_timeout = '5s'; SET statement_timeout = '10s';"
          + " SET idle_in_transaction_session_timeout = '2s';"
          + PostgresDialect.transactionTimeout("6s", false)
          + " SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off;"
          + " SELECT 1 / (NOT pg_is_in_recovery())::int";

  static PostgresConnector of(DataSource connections) {
    return new PostgresConnector(() -> connections);
  }

  static PostgresConnector of(String url, String user, String password) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "url: names no PostgreSQL database; allowed: jdbc:postgresql://host/database");
    }
    return new PostgresConnector(() -> driver(url, user, password));
  }

  /** Error details are left out because they hold values. Parameters in the URL take precedence. */
  private static DataSource driver(String url, String user, String password) {
    try {
      DriverManager.getDriver(url);
    } catch (SQLException e) {
      throw Refusal.forGood(
          "there is no driver for PostgreSQL, or the URL is malformed: add"
              + " org.postgresql:postgresql to the class path, or correct the URL",
          e);
    }
    Properties properties = new Properties();
    properties.setProperty("targetServerType", "primary");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", Integer.toString(NETWORK_TIMEOUT_MILLIS / 1000));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "dim");
    properties.setProperty("logServerErrorDetail", "false");
    return new DriverDataSource(url, null, properties, user, password);
  }

  @Override
  public Backend connect(Environment environment, int readers) {
    DataSource source = connections.get();
    HikariDataSource pool = pool(source, readers);
    try {
      ServerSettings server = ServerSettings.inspect(pool);
      server.check();
      migrate(source);
      PostgresBlockers blockers = new PostgresBlockers();
      WriterConnection writer = new WriterConnection(new Source(pool, blockers));
      Dialect dialect = new PostgresDialect();
      Database database = new Database(pool, readers, writer, dialect, NETWORK_TIMEOUT_MILLIS);
      new Ticker(
              environment,
              PostgresBlockers.LOOK,
              () -> blockers.arePossible() && !pool.isClosed(),
              new Upkeep(List.of(() -> blockers.end(database))))
          .start();
      return new Backend(
          database,
          new BatchWriter(writer, dialect),
          new PostgresSessions(database),
          server.durability(),
          () -> {});
    } catch (SQLException e) {
      pool.close();
      throw PostgresFaults.atOpening(e);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  @Override
  public void requireStore() {
    try {
      if (!SCHEMA.isThere(connections.get())) {
        throw Refusal.forGood("the database holds no store: name one that does");
      }
    } catch (SQLException e) {
      throw PostgresFaults.atOpening(e);
    }
  }

  /** Orchestrators that start together do this one after the other. */
  private static void migrate(DataSource source) throws SQLException {
    if (SCHEMA.isCurrent(source)) {
      return;
    }
    try (Connection lock = source.getConnection();
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(hashtext('dim_schema'))");
      if (!SCHEMA.isCurrent(source)) {
        SCHEMA.migrate(source);
      }
      lock.commit();
    }
  }

  /** One connection more than read: that which writes. */
  private static HikariDataSource pool(DataSource source, int readers) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("dim-postgres");
    config.setDataSource(source);
    config.setMaximumPoolSize(readers + 1);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(POOL_WAIT_MILLIS);
    config.setConnectionInitSql(SESSION_SETTINGS);
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      throw e.getCause() instanceof SQLException cause ? PostgresFaults.atOpening(cause) : e;
    }
  }

  private record Source(HikariDataSource pool, PostgresBlockers blockers)
      implements WriterConnection.Source {

    @Override
    public Connection open() throws SQLException {
      Connection connection = pool.getConnection();
      try {
        connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
        blockers.watch(connection);
        return connection;
      } catch (SQLException e) {
        discard(connection);
        throw e;
      }
    }

    /** The pool closes it on a thread of its own. */
    @Override
    public void discard(Connection connection) {
      pool.evictConnection(connection);
    }
  }
}
