package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** What reductions and engines ask of tensors. */
final class Tensors {
  private Tensors() {}

  /** An FP64 tensor of exactly this shape, zero-dimensional ones included. */
  static Tensor ofDoubles(double[] values, long[] shape) {
    return Tensor.ofDoubles(values, values.length).reshape(shape);
  }

  /** No rows of the type and form of these. */
  static Tensor withoutRows(Tensor rows) {
    long[] shape = rows.shape();
    shape[0] = 0;
    return Tensor.wrap(rows.dataType(), shape, ByteBuffer.allocate(0));
  }

  /** Whether every floating-point element is a finite number; integers and text always are. */
  static boolean isFinite(Map<String, Tensor> tensors) {
    for (Tensor tensor : tensors.values()) {
      if (tensor.dataType().isFloating()
          && !Arrays.stream(tensor.toDoubles()).allMatch(Double::isFinite)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The shape of one row of a model's output.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if the output has not one entry for
   *     each of {@code rows} rows
   */
  static long[] rowShape(String output, Tensor tensor, int rows) {
    if (tensor.rank() == 0 || tensor.dimension(0) != rows) {
      throw invalid(output, "does not have one entry for each row");
    }
    return Arrays.copyOfRange(tensor.shape(), 1, tensor.rank());
  }

  /** An {@link ErrorCode#INVALID_DATA} that names a model's output. */
  static DimException invalid(String output, String problem) {
    return new DimException(ErrorCode.INVALID_DATA, "output " + output + ": " + problem);
  }

  static boolean isText(Tensor tensor) {
    return tensor.dataType() == DataType.BYTES;
  }
}
