package io.powernode.dim.api;

import java.util.Objects;
import java.util.Optional;

/**
 * What was decided for one row: a label, or the value of a regression.
 *
 * @param row the row's pseudonymous id
 * @param label the decided class; empty where there is none, and for a regression
 * @param value the decided number, finite; empty where there is none, and for labels
 * @param agreement the share of the weight that voted, 0..1, which is for the winning label, or
 *     whose number is within the tolerance of the consensus; 0 if nobody voted
 * @param confidence how probable the label is: the weighted mean of the models' probabilities where
 *     they gave some, unless the method has a probability of its own; empty for a regression
 * @param status how the decision came about
 */
public record Decision(
    String row,
    Optional<String> label,
    Optional<Double> value,
    double agreement,
    Optional<Double> confidence,
    DecisionStatus status) {

  public Decision {
    Objects.requireNonNull(row, "row");
    Objects.requireNonNull(status, "status");
  }

  /** A decision about a label. */
  public Decision(
      String row,
      Optional<String> label,
      double agreement,
      Optional<Double> confidence,
      DecisionStatus status) {
    this(row, label, Optional.empty(), agreement, confidence, status);
  }

  /** A decision about a number. */
  public static Decision ofValue(
      String row, Optional<Double> value, double agreement, DecisionStatus status) {
    return new Decision(row, Optional.empty(), value, agreement, Optional.empty(), status);
  }
}
