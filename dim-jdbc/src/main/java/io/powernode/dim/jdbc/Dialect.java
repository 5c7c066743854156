package io.powernode.dim.jdbc;

import java.sql.SQLException;

/** What the two databases say differently. Used under the lock of the {@link WriterConnection}. */
interface Dialect {
  /**
   * Reads what a batch depends on, and sees to it that nobody else changes it before the
   * transaction ends.
   */
  Snapshot read(Statements on, Footprint footprint) throws SQLException;

  /**
   * Writes what a batch changes.
   *
   * @return false if another transaction created an entry that the snapshot did not show: the
   *     transaction must be rolled back and the batch judged again
   */
  boolean write(Statements on, Effects effects) throws SQLException;

  /** What an error means. */
  Fault fault(SQLException error);

  /** Whether a transaction whose COMMIT failed so has certainly not taken effect. */
  boolean isUndone(SQLException atCommit);
}
