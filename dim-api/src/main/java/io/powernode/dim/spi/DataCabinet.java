package io.powernode.dim.spi;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.TimeRange;
import java.util.Optional;

/** Rows of data that a node's owner registered. Thread-safe. */
public interface DataCabinet {
  /** Its form, never its content. */
  CabinetDescriptor descriptor();

  /**
   * Reads rows in their order.
   *
   * @param timeRange only rows of this period; the descriptor must have a time column then
   * @param batchRows the most rows of a batch, 1 or more
   */
  Batches read(Optional<TimeRange> timeRange, int batchRows);
}
