package io.powernode.dim.benchmarks;

import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.jdbc.PostgresServer;
import io.powernode.dim.jdbc.PostgresServer.PostgresUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * An empty database whose commits are durable, deleted when it is closed.
 *
 * @param url for JDBC
 * @param folder that the database lies in; empty if a server has it
 */
record Database(String url, List<Path> folder) implements AutoCloseable {
  /** In a file of the file system for temporary files. */
  static final String SQLITE = "sqlite";

  /** On this process's server. */
  static final String POSTGRES = "postgres";

  /** The settings of a store's own writer. */
  private static final List<String> SQLITE_SETTINGS =
      List.of(
          "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL",
          "PRAGMA fullfsync = 1",
          "PRAGMA wal_autocheckpoint = 4096",
          "PRAGMA cache_size = -32768");

  static Database open(String kind) {
    if (kind.equals(POSTGRES)) {
      try {
        return new Database(PostgresServer.shared().freshDatabase(), List.of());
      } catch (PostgresUnavailable none) {
        throw new IllegalStateException(none);
      }
    }
    try {
      Path folder = Files.createTempDirectory("dim-bench");
      return new Database("jdbc:sqlite:" + folder.resolve("jobs.db"), List.of(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A store in it. */
  JdbcStateStore store() {
    return folder.isEmpty()
        ? JdbcStateStore.postgres(url, "postgres", "").build()
        : JdbcStateStore.sqlite(folder.get(0).resolve("jobs.db")).build();
  }

  /** A connection that commits durably, in a transaction. */
  Connection connection() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc.get_generated_keys", "false");
    Connection connection = DriverManager.getConnection(url, properties);
    if (!folder.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        for (String setting : SQLITE_SETTINGS) {
          statement.execute(setting);
        }
      }
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /** The name of the type of bytes. */
  String bytesType() {
    return folder.isEmpty() ? "bytea" : "blob";
  }

  @Override
  public void close() {
    for (Path root : folder) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
