package io.powernode.dim.json;

/** Rounds to the 16-bit floats, which the JDK has only from 20 on. Source: IEEE 754-2008. */
final class HalfFloats {

  private HalfFloats() {}

  /** The nearest binary16; ties go to the even one. */
  static short fp16(double value) {
    return round(value, 5, 10);
  }

  /** The nearest bfloat16; ties go to the even one. */
  static short bf16(double value) {
    return round(value, 8, 7);
  }

  private static short round(double value, int exponentBits, int mantissaBits) {
    int sign = value < 0 || (value == 0 && 1 / value < 0) ? 0x8000 : 0;
    int infinity = ((1 << exponentBits) - 1) << mantissaBits;
    if (Double.isNaN(value)) {
      return (short) (infinity | 1 << (mantissaBits - 1));
    } else if (Double.isInfinite(value)) {
      return (short) (sign | infinity);
    }
    int bias = (1 << (exponentBits - 1)) - 1;
    double magnitude = Math.abs(value);
    int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
    if (exponent > bias) {
      return (short) (sign | infinity);
    }
    // The scaled value counts units of the last place; below 2^mantissaBits it is subnormal.
    // A carry runs into the exponent, as it should.
    int units = (int) Math.rint(Math.scalb(magnitude, mantissaBits - exponent));
    int bits = ((exponent + bias - 1) << mantissaBits) + units;
    return (short) (sign | Math.min(bits, infinity));
  }
}
