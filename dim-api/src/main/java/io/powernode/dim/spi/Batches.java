package io.powernode.dim.spi;

import java.util.Optional;

/** Rows of a cabinet, read once, in order. Not thread-safe; close it. */
public interface Batches extends AutoCloseable {
  /**
   * The next rows; empty at the end.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if a row does not fit the schema; names row
   *     number and column, never the value
   */
  Optional<Batch> next();

  @Override
  void close();
}
