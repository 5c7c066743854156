package io.powernode.dim.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the shape of a tensor before anything is made of it. */
final class Shapes {

  private Shapes() {}

  /** The number of elements; null if there is no such tensor. */
  static @Nullable Long elements(List<Long> shape, Place at, Reading in) {
    long count = 1;
    int before = in.count();
    for (int i = 0; i < shape.size(); i++) {
      if (shape.get(i) < 0) {
        in.refuse(at.item(i), "is negative", "0 or more");
      }
    }
    if (in.count() > before) {
      return null;
    }
    if (shape.contains(0L)) {
      return 0L;
    }
    try {
      for (long dimension : shape) {
        count = Math.multiplyExact(count, dimension);
      }
      return count;
    } catch (ArithmeticException e) {
      in.refuse(at, "holds too many elements", "fewer than 2^63");
      return null;
    }
  }
}
