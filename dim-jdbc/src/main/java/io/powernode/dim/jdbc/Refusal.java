package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.util.Map;

/** Why a store is not opened. */
final class Refusal {
  private Refusal() {}

  /** Somebody must do something before a later try can succeed. */
  static DimException forGood(String message) {
    return new DimException(new ErrorInfo(ErrorCode.UNAVAILABLE, message, false, Map.of()));
  }

  /** The same, with a cause for the local log. */
  static DimException forGood(String message, Throwable cause) {
    return new DimException(new ErrorInfo(ErrorCode.UNAVAILABLE, message, false, Map.of()), cause);
  }
}
