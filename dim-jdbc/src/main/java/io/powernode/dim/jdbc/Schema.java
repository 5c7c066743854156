package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings a database's tables to the form that this version of the library knows. The migration tool
 * is started only if there is something to do.
 */
final class Schema {
  /** The newest migration under {@code sqlite} and {@code postgres} in the resources. */
  static final int VERSION = 1;

  private static final String NONE = "0";
  private static final String HISTORY = "dim_schema_history";

  private final String dialect;
  private final String findHistory;

  /**
   * A schema.
   *
   * @param dialect the folder of its migrations
   * @param findHistory finds a row if there is a table of the name in its parameter
   */
  Schema(String dialect, String findHistory) {
    this.dialect = dialect;
    this.findHistory = findHistory;
  }

  /**
   * Whether the tables have the form that this version knows.
   *
   * @throws DimException if theirs is a newer one
   */
  boolean isCurrent(DataSource database) throws SQLException {
    String version = version(database);
    if (isNewer(version)) {
      throw Refusal.forGood(
          "the store was written by a newer version of DIM: its schema is "
              + version
              + ", and this one knows "
              + VERSION
              + "; use the newer version, or restore a backup from before it");
    }
    return version.equals(Integer.toString(VERSION));
  }

  /** Whole numbers are what this version and those before it give out. */
  private static boolean isNewer(String version) {
    return !version.matches("[0-9]{1,9}") || Integer.parseInt(version) > VERSION;
  }

  /** Whether there are tables, of whatever version. */
  boolean isThere(DataSource database) throws SQLException {
    return !version(database).equals(NONE);
  }

  /**
   * Creates or changes the tables. One at a time may do so.
   *
   * @throws SQLException if the database fails at it
   * @throws DimException if it cannot be done for another reason
   */
  void migrate(DataSource database) throws SQLException {
    try {
      Flyway.configure(Schema.class.getClassLoader())
          .dataSource(database)
          .locations("classpath:io/powernode/dim/jdbc/" + dialect)
          .table(HISTORY)
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .createSchemas(false)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException fault) {
          throw fault;
        }
      }
      throw Refusal.forGood("the store's tables could not be created or changed", e);
    }
  }

  private String version(DataSource database) throws SQLException {
    try (Connection on = database.getConnection()) {
      if (!exists(on)) {
        return NONE;
      }
      try (PreparedStatement select =
              on.prepareStatement(
                  "SELECT version FROM "
                      + HISTORY
                      + " WHERE version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1");
          ResultSet found = select.executeQuery()) {
        return found.next() ? found.getString(1) : NONE;
      }
    }
  }

  private boolean exists(Connection on) throws SQLException {
    try (PreparedStatement select = on.prepareStatement(findHistory)) {
      select.setString(1, HISTORY);
      try (ResultSet found = select.executeQuery()) {
        return found.next();
      }
    }
  }
}
