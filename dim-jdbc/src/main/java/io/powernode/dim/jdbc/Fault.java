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
    /** What was asked for is the cause, and always will be. */
    IMPOSSIBLE,
    /** The database, its disk or the way to it is the cause. */
    DATABASE;

    /** Whether one of many things that were asked for may be the cause. */
    boolean blamesOne() {
      return this == STATEMENT || this == IMPOSSIBLE;
    }
  }

  DimException asException(SQLException cause) {
    ErrorCode code = kind == Kind.IMPOSSIBLE ? ErrorCode.INVALID_ARGUMENT : ErrorCode.UNAVAILABLE;
    return new DimException(ErrorInfo.of(code, reason), cause);
  }
}
