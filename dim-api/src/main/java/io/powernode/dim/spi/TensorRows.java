package io.powernode.dim.spi;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The entries of a tensor along its first dimension.
 *
 * @param tensor with at least one dimension
 * @param starts where each row begins in its bytes, and where the last one ends
 */
record TensorRows(Tensor tensor, int[] starts) {

  /** Whether a tensor has so many rows. */
  static boolean isOf(Tensor tensor, int rows) {
    return tensor.rank() > 0 && tensor.dimension(0) == rows;
  }

  static TensorRows of(Tensor tensor, int rows) {
    if (!isOf(tensor, rows)) {
      throw new IllegalArgumentException(
          "tensor: is %s; allowed: an entry for each of %d rows".formatted(tensor, rows));
    }
    int[] starts = new int[rows + 1];
    int width = rows == 0 ? 0 : tensor.elements() / rows;
    if (tensor.dataType() == DataType.BYTES) {
      ByteBuffer walk = tensor.data();
      for (int row = 1; row <= rows; row++) {
        for (int element = 0; element < width; element++) {
          int length = walk.getInt();
          walk.position(walk.position() + length);
        }
        starts[row] = walk.position();
      }
    } else {
      Arrays.setAll(starts, row -> row * width * tensor.dataType().size());
    }
    return new TensorRows(tensor, starts);
  }

  /** The bytes of a row. */
  int size(int row) {
    return starts[row + 1] - starts[row];
  }

  void copy(int row, ByteBuffer to) {
    to.put(tensor.data().slice(starts[row], size(row)));
  }

  /** A tensor of this type and form with other rows. */
  Tensor form(int rows, ByteBuffer bytes) {
    long[] shape = tensor.shape();
    shape[0] = rows;
    return Tensor.wrap(tensor.dataType(), shape, bytes);
  }

  void requireLike(TensorRows other) {
    boolean alike =
        tensor.dataType() == other.tensor.dataType()
            && Arrays.equals(tail(tensor), tail(other.tensor));
    if (!alike) {
      throw new IllegalArgumentException(
          "tensor: is %s beside %s; allowed: rows of one type and form"
              .formatted(tensor, other.tensor));
    }
  }

  private static long[] tail(Tensor tensor) {
    return Arrays.copyOfRange(tensor.shape(), 1, tensor.rank());
  }
}
