package io.powernode.dim.api;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * A period of whole days, both ends included. In JSON it reads {@code "2024-01-01/2024-12-31"}.
 *
 * @param from the first day
 * @param to the last day, not before the first
 */
public record TimeRange(LocalDate from, LocalDate to) {
  private static final String ALLOWED = "allowed: YYYY-MM-DD/YYYY-MM-DD";

  /**
   * Reads {@code FROM/TO}, two ISO-8601 dates.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static TimeRange parse(String text) {
    String[] ends = text.split("/", -1);
    if (ends.length == 2) {
      try {
        return new TimeRange(LocalDate.parse(ends[0]), LocalDate.parse(ends[1]));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("time range: a date is malformed; " + ALLOWED, e);
      }
    }
    throw new IllegalArgumentException("time range: does not have two ends; " + ALLOWED);
  }

  /** Whether {@code day} lies in the period. */
  public boolean contains(LocalDate day) {
    return !day.isBefore(from) && !day.isAfter(to);
  }

  void validate(Violations violations) {
    violations.require(!to.isBefore(from), "", "ends before it begins", "from before or equal to");
  }

  @Override
  public String toString() {
    return from + "/" + to;
  }
}
