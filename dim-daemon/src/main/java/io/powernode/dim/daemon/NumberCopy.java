package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies numbers into the layout of another type. Every number must be the same afterwards, but for
 * floats that go to FP32, which are rounded to the nearest: models are trained on FP32 features
 * while data is declared FP64. A finite number never becomes an infinite one.
 */
final class NumberCopy {
  private NumberCopy() {}

  /** Whether numbers of one type can become another at all. */
  static boolean converts(DataType from, DataType to) {
    return from == to || (isSource(from) && isTarget(to));
  }

  /**
   * Copies element i of {@code source} to element {@code offset + i × stride} of {@code into}.
   *
   * @param name what to call the source in a message
   */
  static void copy(
      String name, Tensor source, DataType to, ByteBuffer into, int offset, int stride) {
    Writer writer = new Writer(name, to, into, offset, stride);
    if (source.dataType() == to) {
      writer.same(source.data(), source.elements());
    } else if (source.dataType() == DataType.INT64) {
      long[] values = new long[source.elements()];
      source.longs().get(values);
      writer.longs(values);
    } else {
      writer.doubles(source.toDoubles(), source.dataType().isFloating());
    }
  }

  /** A tensor of the same shape with the same numbers. */
  static Tensor convert(String name, Tensor source, DataType to) {
    if (source.dataType() == to) {
      return source;
    }
    ByteBuffer bytes = allocate(source.elements(), to);
    copy(name, source, to, bytes, 0, 1);
    return Tensor.wrap(to, source.shape(), bytes);
  }

  static ByteBuffer allocate(int elements, DataType type) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, type.size()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean isSource(DataType type) {
    return type.isNumeric() && type != DataType.UINT64;
  }

  private static boolean isTarget(DataType type) {
    return switch (type) {
      case FP16, BF16, UINT64, BYTES -> false;
      default -> true;
    };
  }

  private record Writer(String name, DataType to, ByteBuffer into, int offset, int stride) {

    void same(ByteBuffer from, int elements) {
      int size = to.size();
      for (int i = 0; i < elements; i++) {
        switch (size) {
          case Byte.BYTES -> into.put(at(i), from.get(i));
          case Short.BYTES -> into.putShort(at(i), from.getShort(i * Short.BYTES));
          case Integer.BYTES -> into.putInt(at(i), from.getInt(i * Integer.BYTES));
          default -> into.putLong(at(i), from.getLong(i * Long.BYTES));
        }
      }
    }

    void longs(long[] values) {
      for (int i = 0; i < values.length; i++) {
        if (to.isFloating()) {
          double value = values[i];
          // The largest long rounds to 2^63, which casts back to itself.
          require((long) value == values[i] && values[i] != Long.MAX_VALUE);
          putExactly(i, value);
        } else {
          putLong(i, values[i]);
        }
      }
    }

    void doubles(double[] values, boolean mayRound) {
      for (int i = 0; i < values.length; i++) {
        double value = values[i];
        if (to == DataType.FP32 && mayRound) {
          require(!Double.isFinite(value) || Float.isFinite((float) value));
          into.putFloat(at(i), (float) value);
        } else if (to.isFloating()) {
          putExactly(i, value);
        } else {
          require((long) value == value && value != 0x1p63);
          putLong(i, (long) value);
        }
      }
    }

    private void putExactly(int i, double value) {
      if (to == DataType.FP32) {
        require((float) value == value || Double.isNaN(value));
        into.putFloat(at(i), (float) value);
      } else {
        into.putDouble(at(i), value);
      }
    }

    private void putLong(int i, long value) {
      require(IntegerRange.of(to).contains(value));
      switch (to.size()) {
        case Byte.BYTES -> into.put(at(i), (byte) value);
        case Short.BYTES -> into.putShort(at(i), (short) value);
        case Integer.BYTES -> into.putInt(at(i), (int) value);
        default -> into.putLong(at(i), value);
      }
    }

    private int at(int i) {
      return (offset + i * stride) * to.size();
    }

    private void require(boolean holds) {
      if (!holds) {
        throw new DimException(
            ErrorCode.INVALID_DATA,
            "%s: has a value that is none of %s; allowed: values that it can hold"
                .formatted(name, to));
      }
    }
  }
}
