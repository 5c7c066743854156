package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;

/** What is wrong with a cell: says where, and never what stands there. */
final class RowFault {
  private RowFault() {}

  static DimException at(long row, String column, String problem, String allowed) {
    return new DimException(
        ErrorCode.INVALID_DATA,
        "row %d, column %s: %s; allowed: %s".formatted(row, column, problem, allowed));
  }
}
