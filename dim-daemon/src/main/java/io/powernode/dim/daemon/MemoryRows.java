package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The rows of columns in memory. */
final class MemoryRows implements RowCursor {
  private final List<Tensor> cells;
  private final List<ByteBuffer> data = new ArrayList<>();
  private final int rows;
  private int row;

  /** Rows of tensors of shape [rows], in the order of the form's cells. */
  MemoryRows(List<Tensor> cells, int rows) {
    this.cells = cells;
    this.rows = rows;
    cells.forEach(cell -> data.add(cell.data()));
  }

  @Override
  public boolean next(RowBuffer into) {
    if (row == rows) {
      return false;
    }
    row++;
    for (int i = 0; i < cells.size(); i++) {
      ByteBuffer from = data.get(i);
      int end = from.position() + size(cells.get(i).dataType(), from);
      into.cell(i).add(from.duplicate().limit(end));
      from.position(end);
    }
    return true;
  }

  @Override
  public long rowNumber() {
    return row;
  }

  @Override
  public void close() {}

  private static int size(DataType type, ByteBuffer at) {
    return type == DataType.BYTES ? Integer.BYTES + at.getInt(at.position()) : type.size();
  }
}
