package io.powernode.dim.api;

import java.util.Objects;
import java.util.Optional;

/**
 * What was decided for one row.
 *
 * @param row the row's pseudonymous id
 * @param label the decided class; empty where there is none
 * @param agreement the winning label's share of the weight that voted, 0..1; 0 if nobody voted
 * @param confidence how probable the label is: the weighted mean of the models' probabilities where
 *     they gave some, unless the method has a probability of its own
 * @param status how the decision came about
 */
public record Decision(
    String row,
    Optional<String> label,
    double agreement,
    Optional<Double> confidence,
    DecisionStatus status) {

  public Decision {
    Objects.requireNonNull(row, "row");
    Objects.requireNonNull(status, "status");
  }
}
