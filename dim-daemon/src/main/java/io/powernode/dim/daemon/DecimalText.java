package io.powernode.dim.daemon;

/**
 * Reads decimal numbers. Those with few digits, which nearly all of a file's are, are read several
 * times as fast as {@link Double#parseDouble} does, to the same bits: a whole number below 2^53 and
 * a power of ten up to 10^22 are doubles without an error, and their quotient is rounded once.
 * Source: W. D. Clinger, How to read floating point numbers accurately, PLDI (1990).
 */
final class DecimalText {
  /** So that no whole number of the digits overflows a long. */
  private static final int MOST_CHARS = 18;

  private static final long MOST_EXACT = 1L << 53;

  /** As far as {@link #MOST_CHARS} can have decimals. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17
  };

  private DecimalText() {}

  /**
   * The number closest to what is written; NaN for what is none, as hexadecimals and "NaN" are.
   *
   * @throws NumberFormatException for some of what is none
   */
  static double parse(String text) {
    int length = text.length();
    if (length > MOST_CHARS) {
      return parseAny(text);
    }
    boolean signed = length > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+');
    long digits = 0;
    int start = signed ? 1 : 0;
    int point = -1;
    for (int i = start; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
      } else if (digit == '.' - '0' && point < 0) {
        point = i;
      } else {
        return parseAny(text);
      }
    }
    int count = length - start - (point < 0 ? 0 : 1);
    if (count == 0 || digits > MOST_EXACT) {
      return parseAny(text);
    }
    double value = point < 0 ? digits : digits / POWERS[length - point - 1];
    return signed && text.charAt(0) == '-' ? -value : value;
  }

  /** Java's own parser would also read "NaN", "Infinity", "1d", hexadecimal and padded numbers. */
  private static double parseAny(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        return Double.NaN;
      }
    }
    return Double.parseDouble(text);
  }
}
