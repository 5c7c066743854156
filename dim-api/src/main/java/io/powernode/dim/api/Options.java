package io.powernode.dim.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Named options of a method that a plugin may define: a small immutable tree in the shape of JSON.
 * A value is a {@link String}, {@link Boolean}, {@link Long}, {@link Double}, {@link List} or
 * {@link Map} of such; smaller integer and float types are widened. Null, NaN and infinities are
 * refused.
 */
public final class Options {
  private static final Options NONE = new Options(Map.of());

  private final Map<String, Object> values;

  private Options(Map<String, Object> values) {
    this.values = values;
  }

  /** No options. */
  public static Options none() {
    return NONE;
  }

  /**
   * Options with the given values.
   *
   * @throws IllegalArgumentException if a value is of another type than the class comment allows
   */
  public static Options of(Map<String, ?> values) {
    return values.isEmpty() ? NONE : new Options(copyMap(values));
  }

  /** These options and one more; an earlier value of the same name is replaced. */
  public Options with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(name, copy(name, value));
    return new Options(Collections.unmodifiableMap(more));
  }

  /** The names that have a value. */
  public Set<String> names() {
    return values.keySet();
  }

  /** All values, unmodifiable, all the way down. */
  public Map<String, Object> asMap() {
    return values;
  }

  /**
   * The number called {@code name}, if there is one.
   *
   * @throws InvalidJobException if the value is not a number
   */
  public Optional<Double> number(String name) {
    return get(name, Number.class, "a number").map(Number::doubleValue);
  }

  /**
   * The text called {@code name}, if there is one.
   *
   * @throws InvalidJobException if the value is not a text
   */
  public Optional<String> text(String name) {
    return get(name, String.class, "a text");
  }

  /**
   * The truth value called {@code name}, if there is one.
   *
   * @throws InvalidJobException if the value is neither true nor false
   */
  public Optional<Boolean> flag(String name) {
    return get(name, Boolean.class, "true or false");
  }

  /** Adds a violation for each option whose name is not among {@code allowed}. */
  public void allowOnly(Violations violations, Set<String> allowed) {
    for (String name : values.keySet()) {
      violations.require(
          allowed.contains(name),
          name,
          "is not an option of this method",
          allowed.isEmpty() ? "no options" : String.join(", ", allowed));
    }
  }

  private <T> Optional<T> get(String name, Class<T> type, String allowed) {
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      throw new InvalidJobException(
          List.of(new Violation(name, "has the wrong type", allowed, ErrorCode.INVALID_JOB)));
    }
    return Optional.ofNullable(type.cast(value));
  }

  private static Map<String, Object> copyMap(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((k, v) -> copy.put(String.valueOf(k), copy(String.valueOf(k), v)));
    return Collections.unmodifiableMap(copy);
  }

  private static Object copy(String name, Object value) {
    if (value instanceof String || value instanceof Boolean) {
      return value;
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return ((Number) value).longValue();
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isFinite(number)) {
        return number;
      }
    } else if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      list.forEach(v -> copy.add(copy(name, v)));
      return Collections.unmodifiableList(copy);
    } else if (value instanceof Map<?, ?> map) {
      return copyMap(map);
    }
    throw new IllegalArgumentException(
        name + ": not an option value; allowed: text, truth value, finite number, list or map");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return new TreeMap<>(values).toString();
  }
}
