package io.powernode.dim.api;

/** Conversions of 16-bit floats, which the JDK has only from 20 on. Source: IEEE 754-2008. */
final class HalfPrecision {
  private HalfPrecision() {}

  static float fromFp16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int rebased = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | rebased << 23 | mantissa << 13);
  }

  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
