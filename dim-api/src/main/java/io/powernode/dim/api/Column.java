package io.powernode.dim.api;

import java.util.List;
import java.util.Objects;

/**
 * One column of a data cabinet.
 *
 * @param name its name
 * @param type the element type; texts and dates are {@link DataType#BYTES}
 * @param categories the values that it may take, in order; empty for any
 */
public record Column(String name, DataType type, List<String> categories) {

  public Column {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    categories = List.copyOf(categories);
  }

  /** A column that may take any value of its type. */
  public static Column of(String name, DataType type) {
    return new Column(name, type, List.of());
  }
}
