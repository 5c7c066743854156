package io.powernode.dim.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.FileBlobStore;
import io.powernode.dim.spi.StateStore.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Opens a SQLite file: write-ahead log, forced to the disk by every commit (see "Write-Ahead
 * Logging" and {@code PRAGMA synchronous} in SQLite's documentation).
 */
record SqliteConnector(Path file) implements Connector {
  private static final Schema SCHEMA =
      new Schema("sqlite", "SELECT 1 FROM sqlite_master WHERE name = ?");
  private static final long POOL_WAIT_MILLIS = 5_000;

  /** The log is copied into the file when it has so many pages, 16 MiB of them. */
  private static final int CHECKPOINT_PAGES = 4_096;

  /** 8 MiB: what lies above the leaves of a large store's trees. */
  private static final String READER_CACHE = "-8192";

  private static final List<String> WRITER_SETTINGS =
      List.of(
          "PRAGMA synchronous = FULL",
          "PRAGMA fullfsync = 1",
          "PRAGMA checkpoint_fullfsync = 1",
          "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES,
          "PRAGMA journal_size_limit = 67108864",
          "PRAGMA cache_size = -32768",
          "PRAGMA temp_store = MEMORY");

  @Override
  public Backend connect(Environment environment, int readers) {
    requireDriver();
    try {
      SqliteFile checked = SqliteFile.create(file.toAbsolutePath());
      FileLock lock = FileLock.acquire(checked.lockFile(), environment.now());
      try {
        checked.verify();
        if (!SCHEMA.isCurrent(checked.source())) {
          SCHEMA.migrate(checked.source());
        }
        return open(checked, environment, readers, lock);
      } catch (IOException | SQLException | RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw Refusal.forGood("the store's file, or its lock file, cannot be created or read", e);
    } catch (SQLException e) {
      throw SqliteFaults.of(e).asException(e);
    }
  }

  /** Beside the file itself, whatever symbolic link it is found by. */
  @Override
  public Optional<BlobStore> blobs() {
    try {
      return Optional.of(FileBlobStore.at(new SqliteFile(file.toRealPath()).blobFolder()));
    } catch (IOException e) {
      throw Refusal.forGood("the store's file cannot be found any more", e);
    }
  }

  @Override
  public void requireStore() {
    try {
      if (Files.size(file) > 0) {
        return;
      }
    } catch (NoSuchFileException e) {
      throw Refusal.forGood("there is no such file: name the file of a store");
    } catch (IOException e) {
      throw Refusal.forGood("the store's file cannot be read", e);
    }
    throw Refusal.forGood("the file is empty: name the file of a store");
  }

  private static void requireDriver() {
    try {
      DriverManager.getDriver("jdbc:sqlite:");
    } catch (SQLException e) {
      throw Refusal.forGood(
          "there is no driver for SQLite: add org.xerial:sqlite-jdbc to the class path", e);
    }
  }

  private static Backend open(SqliteFile file, Environment environment, int readers, FileLock lock)
      throws SQLException {
    WriterConnection writer = new WriterConnection(new Source(file.url()));
    HikariDataSource pool = pool(file.url(), readers);
    SessionClock clock = new SessionClock(environment::nanoTime);
    Dialect dialect = new SqliteDialect(clock);
    Database database = new Database(pool, readers, writer, dialect, 0);
    try {
      SqliteSessions sessions = new SqliteSessions(database, clock);
      BatchWriter batches = new BatchWriter(writer, dialect);
      return new Backend(database, batches, sessions, Durability.MACHINE_CRASH, lock::close);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  static HikariDataSource pool(String url, int readers) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("dim-sqlite");
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(readers);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(POOL_WAIT_MILLIS);
    config.setConnectionInitSql("PRAGMA query_only = 1");
    config.addDataSourceProperty("cache_size", READER_CACHE);
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e);
    }
  }

  private record Source(String url) implements WriterConnection.Source {

    @Override
    public Connection open() throws SQLException {
      Properties properties = new Properties();
      // Else the driver prepares and runs a query after every insertion.
      properties.setProperty("jdbc.get_generated_keys", "false");
      Connection connection = DriverManager.getConnection(url, properties);
      try (Statement statement = connection.createStatement()) {
        for (String setting : WRITER_SETTINGS) {
          statement.execute(setting);
        }
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    @Override
    public void discard(Connection connection) throws SQLException {
      connection.close();
    }
  }
}
