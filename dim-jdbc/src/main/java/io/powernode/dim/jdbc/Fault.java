package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.sql.SQLException;

/**
 * What a database's error means.
 *
 * @param kind what to do about it
 * @param reason why, for a person; holds nothing that was stored
 */
record Fault(Kind kind, String reason) {
  enum Kind {
    /** Another transaction was in the way: the same may succeed at once. */
    COLLISION,
    /** What was asked for may be the cause; asking for something else may succeed. */
    STATEMENT,
    /** The database, its disk or the way to it is the cause. */
    DATABASE
  }

  DimException asException(SQLException cause) {
    return new DimException(ErrorInfo.of(ErrorCode.UNAVAILABLE, reason), cause);
  }
}
