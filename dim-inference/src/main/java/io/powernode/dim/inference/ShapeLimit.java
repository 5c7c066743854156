package io.powernode.dim.inference;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refuses models that fill a tensor of an absurd constant shape: the shortest way for a hundred
 * bytes to take gigabytes. Shapes that are computed are not seen. Not thread-safe.
 */
final class ShapeLimit {
  /** A gigabyte of FP32. */
  private static final long MAX_ELEMENTS = 1L << 28;

  private final Map<String, Long> elements = new HashMap<>();
  private final Map<String, String> operators = new LinkedHashMap<>();

  /** Notes a constant; {@code elements} is what it would stand for as a shape. */
  void constant(String name, long shapeElements) {
    elements.merge(name, shapeElements, Math::max);
  }

  /** Notes an operator that fills the shape called {@code name}. */
  void filledBy(String operator, String name) {
    operators.put(name, operator);
  }

  void require() {
    operators.forEach(
        (name, operator) -> {
          if (elements.getOrDefault(name, 0L) > MAX_ELEMENTS) {
            throw Refusals.invalid(
                "an operator "
                    + operator
                    + " fills a tensor of the constant shape '"
                    + name
                    + "'; allowed: at most "
                    + MAX_ELEMENTS
                    + " elements");
          }
        });
  }
}
