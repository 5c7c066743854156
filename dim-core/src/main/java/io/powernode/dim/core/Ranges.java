package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;

/** The one way in which this module refuses a setting. */
final class Ranges {
  private Ranges() {}

  static void require(boolean holds, String field, String allowed) {
    if (!holds) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, field + ": is out of range; allowed: " + allowed);
    }
  }
}
