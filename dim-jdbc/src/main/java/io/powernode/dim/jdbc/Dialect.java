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
   * Writes what a batch changes. Where every message costs, it commits as well, and the commit that
   * follows has nothing left to do.
   */
  void write(Statements on, Effects effects) throws SQLException;

  /** What an error means. */
  Fault fault(SQLException error);

  /** Whether a transaction that failed so has certainly not taken effect and never will. */
  boolean isUndone(SQLException error, Step step);

  /** What failed. */
  enum Step {
    /** {@link #read}, or getting there. */
    READ,
    /** {@link #write}. */
    WRITE,
    /** The commit. */
    COMMIT
  }
}
