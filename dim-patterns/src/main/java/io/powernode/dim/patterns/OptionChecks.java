package io.powernode.dim.patterns;

import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;

/** Checks single options of a method for their type and range. */
final class OptionChecks {
  private final Options options;
  private final Violations violations;

  OptionChecks(Options options, Violations violations) {
    this.options = options;
    this.violations = violations;
  }

  OptionChecks required(String name, String allowed) {
    violations.require(options.names().contains(name), name, "is missing", allowed);
    return this;
  }

  OptionChecks number(String name, DoublePredicate fits, String allowed) {
    return typed(
        () ->
            options
                .number(name)
                .ifPresent(
                    value ->
                        violations.require(fits.test(value), name, "is out of range", allowed)));
  }

  OptionChecks share(String name) {
    return number(name, value -> value >= 0 && value <= 1, "0 to 1");
  }

  OptionChecks whole(String name, int least, int most) {
    return number(
        name,
        value -> value >= least && value <= most && value == Math.rint(value),
        "a whole number, " + least + " to " + most);
  }

  OptionChecks oneOf(String name, Set<String> allowed) {
    return typed(
        () ->
            options
                .text(name)
                .ifPresent(
                    text ->
                        violations.require(
                            allowed.contains(text),
                            name,
                            "is unknown",
                            String.join(", ", new TreeSet<>(allowed)))));
  }

  OptionChecks flag(String name) {
    return typed(() -> options.flag(name));
  }

  OptionChecks text(String name) {
    return typed(() -> options.text(name));
  }

  OptionChecks labels(String name) {
    Object value = options.asMap().get(name);
    boolean distinctTexts =
        value instanceof List<?> list
            && list.size() >= 2
            && list.stream().allMatch(entry -> entry instanceof String text && !text.isEmpty())
            && new HashSet<>(list).size() == list.size();
    violations.require(
        value == null || distinctTexts, name, "is not a list of classes", "2 or more texts");
    return this;
  }

  /** A list of 2 to {@code most} numbers, each above the one before. */
  OptionChecks ascending(String name, int most, String allowed) {
    Object value = options.asMap().get(name);
    violations.require(
        value == null || value instanceof List<?> list && isAscending(list, most),
        name,
        "is not a list of ascending numbers",
        allowed);
    return this;
  }

  private static boolean isAscending(List<?> list, int most) {
    if (list.size() < 2
        || list.size() > most
        || !list.stream().allMatch(Number.class::isInstance)) {
      return false;
    }
    double[] numbers = numbers(list);
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] <= numbers[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The numbers called {@code name} that {@link #ascending} found right; none if there are none.
   */
  static double[] numbersOf(Options options, String name) {
    return options.asMap().get(name) instanceof List<?> list ? numbers(list) : new double[0];
  }

  /** Without negative zeros, which are sorted below zero. */
  private static double[] numbers(List<?> list) {
    return list.stream().mapToDouble(number -> ((Number) number).doubleValue() + 0.0).toArray();
  }

  /** The option called {@code name} that {@link #labels} found right; empty if there is none. */
  static List<String> textsOf(Options options, String name) {
    return options.asMap().get(name) instanceof List<?> list
        ? list.stream().map(String.class::cast).toList()
        : List.of();
  }

  private OptionChecks typed(Runnable check) {
    typed(violations, check);
    return this;
  }

  /** Runs a check that may end at a value of the wrong type, which is then one more violation. */
  static void typed(Violations violations, Runnable check) {
    try {
      check.run();
    } catch (InvalidJobException e) {
      e.violations().forEach(v -> violations.add(v.path(), v.problem(), v.allowed()));
    }
  }
}
