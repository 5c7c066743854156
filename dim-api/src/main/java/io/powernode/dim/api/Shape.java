package io.powernode.dim.api;

import java.util.Arrays;

/** The arithmetic of tensor shapes, checked for overflow. */
final class Shape {
  private Shape() {}

  /** The number of elements of {@code shape}; 1 for a zero-dimensional one. */
  static long elements(long[] shape) {
    if (Arrays.stream(shape).anyMatch(dimension -> dimension < 0)) {
      throw new IllegalArgumentException(
          "shape: a dimension of " + Arrays.toString(shape) + " is negative; allowed: 0 or more");
    }
    // An empty tensor is empty however large its other dimensions are.
    if (Arrays.stream(shape).anyMatch(dimension -> dimension == 0)) {
      return 0;
    }
    try {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("shape: the number of elements overflows 63 bits", e);
    }
  }

  static void requireElements(long[] shape, long count) {
    if (elements(shape) != count) {
      throw new IllegalArgumentException(
          "shape: " + Arrays.toString(shape) + " does not hold " + count + " elements");
    }
  }
}
