package io.powernode.dim.jdbc;

import io.powernode.dim.spi.StateStore.SessionState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The sessions of a store. Thread-safe; what it throws is UNAVAILABLE. */
interface SessionTable {
  /** The epoch of a new session. */
  long open(String owner, Duration ttl);

  boolean renew(long epoch, Duration ttl);

  void end(long epoch);

  /** Those not forgotten, by rising epoch; ends the expired ones that have no commit under way. */
  List<SessionState> all();

  /**
   * Adds, in a transaction of the caller, one that ended in the store that this one is a copy of.
   */
  void addEnded(Statements on, long epoch, String owner) throws SQLException;

  /** If it has ended. */
  void forget(long epoch);
}
