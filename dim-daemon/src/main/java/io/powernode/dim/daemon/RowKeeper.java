package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what a model answers for rows that are to stay. Closing it gives the room back unless
 * the rows were kept. Not thread-safe.
 */
final class RowKeeper implements Reducer, AutoCloseable {
  private final KeptRows store;
  private final List<Batch> blocks = new ArrayList<>();
  private long reserved;

  RowKeeper(KeptRows store) {
    this.store = store;
  }

  @Override
  public void accept(Batch batch, Map<String, Tensor> outputs) {
    outputs.forEach((name, tensor) -> requireRows(name, tensor, batch.rows()));
    Batch block = new Batch(batch.rows(), outputs, batch.label(), batch.rowIds());
    reserve(RowSet.bytes(block));
    blocks.add(block);
  }

  private static void requireRows(String name, Tensor tensor, int rows) {
    if (tensor.rank() == 0 || tensor.dimension(0) != rows) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "output " + name + ": does not have one entry for each row");
    }
  }

  private void reserve(long bytes) {
    store.reserve(bytes, reserved);
    reserved += bytes;
  }

  @Override
  public Partial finish() {
    throw new IllegalStateException("rows that stay make no partial");
  }

  /** The rows so far. */
  RowSet rows(Set<CabinetPolicy> owners, RowGroups groups) {
    reserve(groups.bytes());
    return new RowSet(blocks, owners, groups);
  }

  /** Keeps the rows, for which room was taken; answers their handle. */
  String keep(String jobId, RowSet rows) {
    String handle = store.keep(jobId, rows);
    reserved = 0;
    return handle;
  }

  @Override
  public void close() {
    store.giveBack(reserved);
  }
}
