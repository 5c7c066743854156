package io.powernode.dim.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;

/** A durable state store on a relational database. */
public final class JdbcStateStore {
  private JdbcStateStore() {}

  /**
   * A store in one SQLite file, for one process at a time; the file, and the folder it is in, are
   * created if need be. Needs {@code org.xerial:sqlite-jdbc} on the class path.
   */
  public static JdbcStateStoreBuilder sqlite(Path file) {
    return new JdbcStateStoreBuilder();
  }

  /**
   * A store in a PostgreSQL database, 14 or later, that any number of processes share. Needs {@code
   * org.postgresql:postgresql} on the class path.
   *
   * @param url {@code jdbc:postgresql://host/database}
   */
  public static JdbcStateStoreBuilder postgres(String url, String user, String password) {
    return new JdbcStateStoreBuilder();
  }

  /**
   * A store in a PostgreSQL database, 14 or later, that any number of processes share.
   *
   * @param connections makes connections to the primary; the store keeps a pool by itself
   */
  public static JdbcStateStoreBuilder postgres(DataSource connections) {
    return new JdbcStateStoreBuilder();
  }
}
