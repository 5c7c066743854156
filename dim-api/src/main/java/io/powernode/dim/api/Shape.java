package io.powernode.dim.api;

import java.util.Arrays;

/** The arithmetic of tensor shapes, checked for overflow. */
final class Shape {
  private Shape() {}

  /** The number of elements of {@code shape}; 1 for a zero-dimensional one. */
  static long elements(long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "shape: a dimension of " + Arrays.toString(shape) + " is negative; allowed: 0 or more");
      }
      try {
        count = Math.multiplyExact(count, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("shape: the number of elements overflows 63 bits", e);
      }
    }
    return count;
  }

  static void requireElements(long[] shape, long count) {
    if (elements(shape) != count) {
      throw new IllegalArgumentException(
          "shape: " + Arrays.toString(shape) + " does not hold " + count + " elements");
    }
  }
}
