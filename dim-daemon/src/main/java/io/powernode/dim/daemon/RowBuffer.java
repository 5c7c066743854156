package io.powernode.dim.daemon;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows on their way into a batch, cell by cell. Not thread-safe. */
final class RowBuffer {
  private final CabinetForm form;
  private final List<ColumnBuffer> cells;
  private final int[] marks;
  private byte[] row = new byte[0];

  RowBuffer(CabinetForm form) {
    this.form = form;
    this.cells = form.cells().stream().map(cell -> new ColumnBuffer(cell.type())).toList();
    this.marks = new int[cells.size()];
  }

  ColumnBuffer cell(int index) {
    return cells.get(index);
  }

  /** A new row begins. */
  void begin() {
    for (int i = 0; i < marks.length; i++) {
      marks[i] = cells.get(i).position();
    }
  }

  /** The row that began last goes. */
  void drop() {
    for (int i = 0; i < marks.length; i++) {
      cells.get(i).truncate(marks[i]);
    }
  }

  /** Feeds the row that began last to a digest, in one piece: a digest is slow with many. */
  void digest(MessageDigest sha) {
    int size = 0;
    for (int i = 0; i < marks.length; i++) {
      size += cells.get(i).position() - marks[i];
    }
    if (row.length < size) {
      row = new byte[size];
    }
    int at = 0;
    for (int i = 0; i < marks.length; i++) {
      at += cells.get(i).copy(marks[i], row, at);
    }
    sha.update(row, 0, size);
  }

  /** The day of the row that began last, as it stands in the data. */
  String day() {
    return cells.get(form.timeCell()).textAt(marks[form.timeCell()]);
  }

  /** The id of the row that began last, as it stands in the data. */
  String id() {
    return cells.get(form.idCell()).textAt(marks[form.idCell()]);
  }

  /** Everything collected, as a batch; the buffer is empty afterwards. */
  Batch take(int rows, List<String> rowIds) {
    List<Tensor> tensors = cells.stream().map(cell -> cell.take(rows)).toList();
    Map<String, Tensor> columns = new LinkedHashMap<>();
    for (int i = 0; i < form.features().size(); i++) {
      columns.put(form.features().get(i).name(), tensors.get(i));
    }
    Optional<Tensor> label = form.label().map(column -> tensors.get(form.labelCell()));
    return new Batch(rows, columns, label, Tensor.ofStrings(rowIds));
  }
}
