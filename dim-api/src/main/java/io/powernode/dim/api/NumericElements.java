package io.powernode.dim.api;

import java.nio.ByteBuffer;

/** Reads the elements of any numeric tensor as doubles. */
final class NumericElements {
  private NumericElements() {}

  static double[] toDoubles(Tensor tensor) {
    double[] values = new double[tensor.elements()];
    if (tensor.dataType() == DataType.FP64) {
      tensor.doubles().get(values);
      return values;
    }
    ByteBuffer data = tensor.data();
    int size = tensor.dataType().size();
    for (int i = 0; i < values.length; i++) {
      values[i] = element(tensor.dataType(), data, i * size);
    }
    return values;
  }

  static boolean close(double[] a, double[] b, double absolute, double relative) {
    for (int i = 0; i < a.length; i++) {
      boolean same = Double.compare(a[i], b[i]) == 0 || a[i] == b[i];
      if (!same && !isWithin(a[i], b[i], absolute + relative * Math.abs(b[i]))) {
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
