package io.powernode.dim.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable array of numbers, truth values or byte strings in the one form that DIM uses
 * everywhere: a data type, a shape, and row-major little-endian bytes as the Open Inference
 * Protocol lays them out. An element of {@link DataType#BYTES} is a 32-bit little-endian length
 * followed by that many bytes. Zero-dimensional (one element) and empty tensors are legal.
 *
 * <p>Thread-safe. Equality is exact, bit for bit; {@link #closeTo} compares within a tolerance.
 */
public final class Tensor {
  private final DataType dataType;
  private final long[] shape;
  private final int elements;
  private final ByteBuffer data;

  private Tensor(DataType dataType, long[] shape, int elements, ByteBuffer data) {
    this.dataType = dataType;
    this.shape = shape;
    this.elements = elements;
    this.data = data;
  }

  /**
   * A tensor over the remaining bytes of {@code data}, which are not copied: the caller hands them
   * over and must not change them afterwards.
   *
   * @param data little-endian elements, row-major, exactly as many bytes as type and shape need
   * @throws IllegalArgumentException if a dimension is negative or the bytes do not fit
   */
  public static Tensor wrap(DataType dataType, long[] shape, ByteBuffer data) {
    long elements = Shape.elements(shape);
    ByteBuffer own = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (dataType == DataType.BYTES) {
      ByteStrings.requireElements(own, elements);
    } else if (elements > Integer.MAX_VALUE / dataType.size()
        || elements * dataType.size() != own.remaining()) {
      throw new IllegalArgumentException(
          "data: %d bytes do not hold %d elements of %s"
              .formatted(own.remaining(), elements, dataType));
    }
    if (dataType == DataType.BOOL) {
      requireTruthValues(own);
    }
    return new Tensor(dataType, shape.clone(), (int) elements, own);
  }

  /** An FP32 tensor; without a shape, one-dimensional. */
  public static Tensor ofFloats(float[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return wrap(DataType.FP32, shapeOr(shape, values.length), bytes);
  }

  /** An FP64 tensor; without a shape, one-dimensional. */
  public static Tensor ofDoubles(double[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return wrap(DataType.FP64, shapeOr(shape, values.length), bytes);
  }

  /** An INT64 tensor; without a shape, one-dimensional. */
  public static Tensor ofLongs(long[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, Long.BYTES);
    bytes.asLongBuffer().put(values);
    return wrap(DataType.INT64, shapeOr(shape, values.length), bytes);
  }

  /** An INT32 tensor; without a shape, one-dimensional. */
  public static Tensor ofInts(int[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return wrap(DataType.INT32, shapeOr(shape, values.length), bytes);
  }

  /** A BOOL tensor; without a shape, one-dimensional. */
  public static Tensor ofBooleans(boolean[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, 1);
    for (boolean value : values) {
      bytes.put((byte) (value ? 1 : 0));
    }
    return wrap(DataType.BOOL, shapeOr(shape, values.length), bytes.flip());
  }

  /** A BYTES tensor of UTF-8 texts; without a shape, one-dimensional. */
  public static Tensor ofStrings(List<String> values, long... shape) {
    return wrap(DataType.BYTES, shapeOr(shape, values.size()), ByteStrings.encode(values));
  }

  /** A BYTES tensor of byte strings; without a shape, one-dimensional. */
  public static Tensor ofByteStrings(List<byte[]> values, long... shape) {
    return wrap(DataType.BYTES, shapeOr(shape, values.size()), ByteStrings.encodeBytes(values));
  }

  /**
   * The rows of several tensors, one's below the other's.
   *
   * @param parts at least one, of one type and of one shape but for the first dimension
   * @throws IllegalArgumentException if they are not, or take more than 2 GiB together
   */
  public static Tensor concat(List<Tensor> parts) {
    Tensor first = parts.get(0);
    long bytes = 0;
    long rows = 0;
    for (Tensor part : parts) {
      if (part.dataType != first.dataType
          || part.rank() == 0
          || part.rank() != first.rank()
          || !Arrays.equals(part.shape, 1, part.rank(), first.shape, 1, first.rank())) {
        throw new IllegalArgumentException("parts: %s follows %s".formatted(part, first));
      }
      bytes += part.byteSize();
      rows += part.shape[0];
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("parts: take more than 2 GiB together");
    }
    ByteBuffer data = ByteBuffer.allocate((int) bytes);
    parts.forEach(part -> data.put(part.data()));
    long[] shape = first.shape();
    shape[0] = rows;
    return wrap(first.dataType, shape, data.flip());
  }

  /** A zero-dimensional FP64 tensor. */
  public static Tensor scalar(double value) {
    ByteBuffer bytes = allocate(1, Double.BYTES).putDouble(value).flip();
    return wrap(DataType.FP64, new long[0], bytes);
  }

  /** A zero-dimensional INT64 tensor. */
  public static Tensor scalar(long value) {
    ByteBuffer bytes = allocate(1, Long.BYTES).putLong(value).flip();
    return wrap(DataType.INT64, new long[0], bytes);
  }

  /** The element type. */
  public DataType dataType() {
    return dataType;
  }

  /** The dimensions, outermost first; a fresh array. */
  public long[] shape() {
    return shape.clone();
  }

  /** The number of dimensions; 0 for a scalar. */
  public int rank() {
    return shape.length;
  }

  /** The size of dimension {@code axis}, counted from 0. */
  public long dimension(int axis) {
    return shape[axis];
  }

  /** The number of elements; 1 for a scalar. */
  public int elements() {
    return elements;
  }

  /** The number of bytes of {@link #data}. */
  public int byteSize() {
    return data.remaining();
  }

  /** The elements as read-only little-endian bytes; a fresh view at position 0. */
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The same elements under another shape with as many elements. */
  public Tensor reshape(long... newShape) {
    Shape.requireElements(newShape, elements);
    return new Tensor(dataType, newShape.clone(), elements, data);
  }

  /** A read-only view of an FP32 tensor; {@link IllegalStateException} for another type. */
  public FloatBuffer floats() {
    return require(DataType.FP32).asFloatBuffer();
  }

  /** A read-only view of an FP64 tensor; {@link IllegalStateException} for another type. */
  public DoubleBuffer doubles() {
    return require(DataType.FP64).asDoubleBuffer();
  }

  /** A read-only view of an INT64 or UINT64 tensor's bits. */
  public LongBuffer longs() {
    return require(DataType.INT64, DataType.UINT64).asLongBuffer();
  }

  /** A read-only view of an INT32 or UINT32 tensor's bits. */
  public IntBuffer ints() {
    return require(DataType.INT32, DataType.UINT32).asIntBuffer();
  }

  /** A read-only view of the bits of a 16-bit tensor: INT16, UINT16, FP16 or BF16. */
  public ShortBuffer shorts() {
    return require(DataType.INT16, DataType.UINT16, DataType.FP16, DataType.BF16).asShortBuffer();
  }

  /** The elements of a BYTES tensor as UTF-8 texts, in row-major order. */
  public List<String> strings() {
    return ByteStrings.decode(require(DataType.BYTES), elements);
  }

  /** The elements of a BYTES tensor, in row-major order; fresh arrays. */
  public List<byte[]> byteStrings() {
    return ByteStrings.decodeBytes(require(DataType.BYTES), elements);
  }

  /**
   * The elements of any numeric tensor as doubles, in row-major order; a fresh array. Integers
   * beyond 2^53 are rounded.
   *
   * @throws IllegalStateException for a BYTES tensor
   */
  public double[] toDoubles() {
    return NumericElements.toDoubles(this);
  }

  /**
   * Whether {@code other} has the same type and shape, and each pair of elements differs by at most
   * {@code absolute + relative × |other's element|}. NaN is close to NaN and an infinity to itself.
   * Tensors of BYTES are compared exactly.
   *
   * @param absolute 0 or more
   * @param relative 0 or more
   */
  public boolean closeTo(Tensor other, double absolute, double relative) {
    if (dataType == DataType.BYTES) {
      return equals(other);
    }
    return dataType == other.dataType
        && Arrays.equals(shape, other.shape)
        && NumericElements.close(this, other, absolute, relative);
  }

  private ByteBuffer require(DataType... allowed) {
    for (DataType type : allowed) {
      if (type == dataType) {
        return data();
      }
    }
    throw new IllegalStateException(
        "tensor: is " + dataType + "; this view needs " + Arrays.toString(allowed));
  }

  private static ByteBuffer allocate(int elements, int size) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long[] shapeOr(long[] shape, int length) {
    return shape.length == 0 ? new long[] {length} : shape;
  }

  private static void requireTruthValues(ByteBuffer data) {
    for (int i = 0; i < data.limit(); i++) {
      if ((data.get(i) & ~1) != 0) {
        throw new IllegalArgumentException("data: a BOOL element is neither 0 nor 1");
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && dataType == that.dataType
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * dataType.hashCode() + Arrays.hashCode(shape)) + data.hashCode();
  }

  /** Type and shape only: elements may be somebody's data and do not belong in a log. */
  @Override
  public String toString() {
    return dataType + Arrays.toString(shape);
  }
}
