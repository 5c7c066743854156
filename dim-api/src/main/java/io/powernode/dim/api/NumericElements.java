package io.powernode.dim.api;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Reads the elements of any numeric tensor as doubles. */
final class NumericElements {
  private static final int FLOATS_AT_ONCE = 1024;

  private NumericElements() {}

  static void copy(Tensor tensor, int from, double[] into, int count) {
    if (tensor.dataType() == DataType.FP64) {
      tensor.doubles().get(from, into, 0, count);
      return;
    }
    if (tensor.dataType() == DataType.FP32) {
      copyFloats(tensor.floats(), from, into, count);
      return;
    }
    ByteBuffer data = tensor.data();
    int size = tensor.dataType().size();
    for (int i = 0; i < count; i++) {
      into[i] = element(tensor.dataType(), data, (from + i) * size);
    }
  }

  /** Through an array, since a buffer checks its bounds at every element. */
  private static void copyFloats(FloatBuffer floats, int from, double[] into, int count) {
    float[] some = new float[Math.min(count, FLOATS_AT_ONCE)];
    for (int done = 0; done < count; done += some.length) {
      int next = Math.min(some.length, count - done);
      floats.get(from + done, some, 0, next);
      for (int i = 0; i < next; i++) {
        into[done + i] = some[i];
      }
    }
  }

  /** Of two tensors of one numeric type and shape. */
  static boolean close(Tensor a, Tensor b, double absolute, double relative) {
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    boolean isWide = a.dataType() == DataType.INT64 || a.dataType() == DataType.UINT64;
    for (int i = 0; i < left.length; i++) {
      double tolerance = absolute + relative * Math.abs(right[i]);
      boolean same = Double.compare(left[i], right[i]) == 0 || left[i] == right[i];
      // Integers beyond 2^53 that become the same double are at most 2048 apart.
      boolean near =
          same
              ? !isWide || Math.abs(a.longs().get(i) - b.longs().get(i)) <= tolerance
              : isWithin(left[i], right[i], tolerance);
      if (!near) {
        return false;
      }
    }
    return true;
  }

  /** An infinity is near nothing else, although its relative tolerance is infinite. */
  private static boolean isWithin(double a, double b, double tolerance) {
    return Double.isFinite(a) && Double.isFinite(b) && Math.abs(a - b) <= tolerance;
  }

  private static double element(DataType type, ByteBuffer data, int at) {
    return switch (type) {
      case BOOL, UINT8 -> data.get(at) & 0xff;
      case INT8 -> data.get(at);
      case UINT16 -> data.getShort(at) & 0xffff;
      case INT16 -> data.getShort(at);
      case UINT32 -> data.getInt(at) & 0xffffffffL;
      case INT32 -> data.getInt(at);
      case UINT64 -> unsigned(data.getLong(at));
      case INT64 -> data.getLong(at);
      case FP16 -> HalfPrecision.fromFp16(data.getShort(at));
      case BF16 -> HalfPrecision.fromBf16(data.getShort(at));
      case FP32 -> data.getFloat(at);
      case FP64 -> data.getDouble(at);
      case BYTES -> throw new IllegalStateException("tensor: BYTES are not numbers");
    };
  }

  /** Halving keeps the lowest bit sticky, so that the one rounding is the right one. */
  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }
}
