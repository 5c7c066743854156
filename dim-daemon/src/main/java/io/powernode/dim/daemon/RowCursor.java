package io.powernode.dim.daemon;

/** Walks over the rows of a data set, once, in order. Not thread-safe. */
interface RowCursor extends AutoCloseable {
  /**
   * Appends the cells of the next row, in the order of {@link CabinetForm#cells}; false at the end.
   *
   * @throws io.powernode.dim.api.DimException if the row does not fit the schema
   */
  boolean next(RowBuffer row);

  /** The number of the row read last, from 1, counting those that were dropped. */
  long rowNumber();

  @Override
  void close();
}
