package io.powernode.dim.testkit;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import java.util.LinkedHashMap;
import java.util.Map;

/** Some of the rows of tensors whose first dimension is the row. */
final class TensorRows {
  private TensorRows() {}

  static Batch slice(Batch batch, int from, int to) {
    return new Batch(
        to - from,
        slice(batch.columns(), from, to),
        batch.label().map(label -> slice(label, from, to)),
        slice(batch.rowIds(), from, to));
  }

  static Map<String, Tensor> slice(Map<String, Tensor> tensors, int from, int to) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> rows.put(name, slice(tensor, from, to)));
    return rows;
  }

  private static Tensor slice(Tensor tensor, int from, int to) {
    long[] shape = tensor.shape();
    int width = tensor.elements() / (int) shape[0];
    shape[0] = to - from;
    if (tensor.dataType() == DataType.BYTES) {
      return Tensor.ofByteStrings(tensor.byteStrings().subList(from * width, to * width), shape);
    }
    int rowBytes = width * tensor.dataType().size();
    return Tensor.wrap(
        tensor.dataType(), shape, tensor.data().slice(from * rowBytes, (to - from) * rowBytes));
  }
}
