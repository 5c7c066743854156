package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.PostgresServer.PostgresUnavailable;
import org.opentest4j.TestAbortedException;

/** The databases of tests; a test that needs one that this machine cannot have is skipped. */
final class Databases {
  private Databases() {}

  static PostgresServer postgres() {
    try {
      return PostgresServer.shared();
    } catch (PostgresUnavailable e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  static PostgresProcess postgresProcess() {
    try {
      return postgres().process();
    } catch (PostgresUnavailable e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }
}
