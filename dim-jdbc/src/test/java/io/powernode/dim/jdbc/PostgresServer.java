package io.powernode.dim.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A real PostgreSQL for tests and measurements, with everything switched on that makes commits
 * durable. There is one for each JVM: started from the binaries on the class path, or the one that
 * {@code -Ddim.test.postgres=jdbc:postgresql://host/database?user=…&password=…} names, whose user
 * must be allowed to create databases. Thread-safe.
 */
public final class PostgresServer {
  /** The system property that names an existing server, by the JDBC URL of a database on it. */
  public static final String EXISTING = "dim.test.postgres";

  private static final List<String> DURABLE =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  private static PostgresServer shared;

  private final String url;
  private final Optional<PostgresProcess> process;
  private final List<String> databases = new ArrayList<>();
  private String common = "";

  private PostgresServer(String url, Optional<PostgresProcess> process) {
    this.url = url;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    DURABLE.forEach(this::requireOn);
  }

  /**
   * The server of this JVM, started at the first call.
   *
   * @throws PostgresUnavailable if it can have none
   */
  public static synchronized PostgresServer shared() throws PostgresUnavailable {
    if (shared == null) {
      String existing = System.getProperty(EXISTING, "");
      if (existing.isEmpty()) {
        PostgresProcess process = PostgresProcess.create(binaries());
        shared = new PostgresServer(process.url("postgres"), Optional.of(process));
      } else {
        shared = new PostgresServer(existing, Optional.empty());
      }
    }
    return shared;
  }

  private static PostgresBinaries binaries() throws PostgresUnavailable {
    try {
      return PostgresBinaries.unpack();
    } catch (PostgresUnavailable e) {
      throw new PostgresUnavailable(e.getMessage() + "; name a server with -D" + EXISTING);
    }
  }

  /** The JDBC URL of a new, empty database. */
  public synchronized String freshDatabase() {
    String name = "dim_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    execute(url, "CREATE DATABASE " + name);
    databases.add(name);
    return url.replaceFirst("(//[^/]+)/[^?]*", "$1/" + name);
  }

  /**
   * The JDBC URL of a new, empty schema in a database that is shared by all such: made sooner than
   * a database, and with fewer files for the server to force to the disk when it recovers.
   */
  public synchronized String freshSchema() {
    if (common.isEmpty()) {
      common = freshDatabase();
    }
    String name = "dim_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    execute(common, "CREATE SCHEMA " + name);
    return common + (common.contains("?") ? "&" : "?") + "currentSchema=" + name;
  }

  /**
   * The process behind the server, to be stopped, killed and started again.
   *
   * @throws PostgresUnavailable if it is not this JVM's own
   */
  public PostgresProcess process() throws PostgresUnavailable {
    return process.orElseThrow(
        () -> new PostgresUnavailable("the server is not the tests' own: they may not stop it"));
  }

  /** What {@code SHOW} says of a setting. */
  public String setting(String name) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not show " + name, e);
    }
  }

  /** What is durable, and what it costs, cannot be told on a server that does not wait for it. */
  private void requireOn(String name) {
    String value = setting(name);
    if (!value.equals("on")) {
      throw new IllegalStateException(name + ": is " + value + "; allowed: on");
    }
  }

  private static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL refuses: " + sql, e);
    }
  }

  private synchronized void close() {
    if (process.isPresent()) {
      process.get().delete();
    } else {
      databases.forEach(name -> execute(url, "DROP DATABASE " + name + " WITH (FORCE)"));
    }
  }

  /** Why there is no PostgreSQL to test on, which is why a test is skipped. */
  public static final class PostgresUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    PostgresUnavailable(String reason) {
      super(reason);
    }
  }
}
