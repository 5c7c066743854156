package io.powernode.dim.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the two databases say differently. Used under the lock of the {@link WriterConnection}. */
interface Dialect {
  /**
   * Reads what a batch depends on, and sees to it that nobody else changes it before the
   * transaction ends.
   */
  Snapshot read(Statements on, Footprint footprint) throws SQLException;

  /**
   * What a batch will probably find, where it costs less to have that checked than to read it. A
   * plan that rests on it is good only if all of its commits succeed.
   */
  default Optional<Snapshot> expected(Footprint footprint) {
    return Optional.empty();
  }

  /**
   * Writes what a batch changes. Where every message costs, it commits as well, and the commit that
   * follows has nothing left to do.
   *
   * @param unread what the plan depends on, if it rests on what is {@link #expected}: where that is
   *     wrong, the transaction fails as if another one had been in the way
   */
  void write(Statements on, BatchPlan plan, Optional<Footprint> unread) throws SQLException;

  /** A plan took effect. */
  default void committed(BatchPlan plan) {}

  /** A batch failed, or it is not known what became of it. */
  default void failed(Footprint footprint) {}

  /** What an error means. */
  Fault fault(SQLException error);

  /** What an error means at some step of a batch. */
  default Fault fault(SQLException error, Step step) {
    return fault(error);
  }

  /** Whether the connection that failed so was lost, and another one may be well. */
  default boolean isLost(SQLException error) {
    return false;
  }

  /** Whether a transaction that failed so has certainly not taken effect and never will. */
  boolean isUndone(SQLException error, Step step);

  /** Begins a transaction that reads the state of one moment, however long that takes. */
  void beginSnapshot(Connection on) throws SQLException;

  /** Lets a transaction take as long as it wants. */
  void allowLong(Connection on) throws SQLException;

  /** Looks for damage in the database's own structure; what it finds, for a person. */
  List<String> inspect(Connection on) throws SQLException;

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
