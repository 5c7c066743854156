package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.PostgresServer.PostgresUnavailable;
import io.powernode.dim.spi.StateStore;
import org.opentest4j.TestAbortedException;
import org.postgresql.ds.PGSimpleDataSource;

/** The databases of tests; a test that needs one that this machine cannot have is skipped. */
public final class Databases {
  private Databases() {}

  /** The server of this JVM. */
  public static PostgresServer postgres() {
    try {
      return PostgresServer.shared();
    } catch (PostgresUnavailable e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  /** A store in a database or schema that {@link PostgresServer} made. */
  public static StateStore store(String url) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(url);
    return JdbcStateStore.postgres(connections).build();
  }

  /**
   * A server of the kind that this machine has installed, with the programs for backups, which
   * those of the class path lack. To be deleted.
   */
  static PostgresProcess installedPostgres() {
    try {
      return PostgresProcess.create(PostgresBinaries.installed());
    } catch (PostgresUnavailable e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  /** Its process, for tests that stop it. */
  public static PostgresProcess postgresProcess() {
    try {
      return postgres().process();
    } catch (PostgresUnavailable e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }
}
