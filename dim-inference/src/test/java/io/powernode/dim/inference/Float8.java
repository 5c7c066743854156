package io.powernode.dim.inference;

/**
 * Decodes 8-bit floats by their definition. Source: the ONNX page "Float stored in 8 bits", after
 * Micikevicius et al. 2022 (E4M3FN, E5M2) and Noune et al. 2022 (the FNUZ variants).
 */
final class Float8 {
  private Float8() {}

  static float decode(ElementType type, int code) {
    return switch (type) {
      case FLOAT8E4M3FN -> (code & 0x7f) == 0x7f ? Float.NaN : number(code, 3, 7);
      case FLOAT8E4M3FNUZ -> code == 0x80 ? Float.NaN : number(code, 3, 8);
      case FLOAT8E5M2 -> (code & 0x7c) == 0x7c ? special(code) : number(code, 2, 15);
      case FLOAT8E5M2FNUZ -> code == 0x80 ? Float.NaN : number(code, 2, 16);
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static float special(int code) {
    if ((code & 3) != 0) {
      return Float.NaN;
    }
    return code < 0x80 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
  }

  private static float number(int code, int mantissaBits, int bias) {
    int exponent = (code & 0x7f) >> mantissaBits;
    int mantissa = code & ((1 << mantissaBits) - 1);
    int significand = exponent == 0 ? mantissa : mantissa | 1 << mantissaBits;
    float magnitude = Math.scalb((float) significand, Math.max(1, exponent) - bias - mantissaBits);
    return code < 0x80 ? magnitude : -magnitude;
  }
}
