package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.Violations;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * What rules for regressions have in common: one number is made of the models' numbers for a row,
 * and the agreement is the share of the weight whose number is within the job's tolerance of it.
 * Where that is less than {@code minAgreement}, which is 1 unless given, the row has no value: with
 * the default, every row is disputed on which a model is further away than the tolerance.
 */
abstract class NumberRule extends VotingRule {
  private static final double TOLERANCE = 1e-9;

  NumberRule(String name) {
    super(name);
  }

  @Override
  public final boolean decidesNumbers() {
    return true;
  }

  @Override
  final Set<String> options() {
    return Set.of(Consensus.ABSOLUTE_TOLERANCE, Consensus.RELATIVE_TOLERANCE);
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    super.validate(consensus, violations);
    DoublePredicate notNegative = value -> value >= 0;
    new OptionChecks(consensus.options(), violations)
        .number(Consensus.ABSOLUTE_TOLERANCE, notNegative, "0 or more")
        .number(Consensus.RELATIVE_TOLERANCE, notNegative, "0 or more");
    violations.require(
        options().stream().anyMatch(consensus.options().names()::contains),
        Consensus.ABSOLUTE_TOLERANCE,
        "is missing, so it is open when numbers agree",
        "0 or more, or a relativeTolerance");
    violations.require(
        consensus.tie() == TieRule.NONE, "tie", "is given, but numbers do not tie", "left out");
    violations.require(
        consensus.threshold().isEmpty(), "threshold", "is for labels, not for numbers", "left out");
    violations.require(
        consensus.labels().isEmpty(), "labels", "are given, but numbers have none", "left out");
  }

  /**
   * Of the numbers of those that gave one.
   *
   * @param shares of the models' weight, in the same order; they sum to 1
   */
  abstract double combined(double[] numbers, double[] shares);

  @Override
  public final List<Decision> decide(Ballots ballots, Consensus consensus) {
    double[] weights = weights(ballots, consensus);
    Tolerance tolerance = Tolerance.of(consensus.options());
    double minAgreement = consensus.minAgreement().orElse(1.0);
    return IntStream.range(0, ballots.rows().size())
        .mapToObj(row -> decide(ballots, row, weights, tolerance, minAgreement))
        .toList();
  }

  private Decision decide(
      Ballots ballots, int row, double[] weights, Tolerance tolerance, double minAgreement) {
    String id = ballots.rows().get(row);
    int voters = 0;
    double[] numbers = new double[weights.length];
    double[] shares = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      Ballot ballot = ballots.ballots().get(i);
      if (!ballot.abstains(row)) {
        numbers[voters] = ballot.number(row);
        shares[voters++] = weights[i];
      }
    }
    if (voters == 0) {
      return Decision.ofValue(id, Optional.empty(), 0, DecisionStatus.ABSTAINED);
    }
    numbers = Arrays.copyOf(numbers, voters);
    shares = Partials.normalised(Tally.addable(Arrays.copyOf(shares, voters)));
    double value = combined(numbers, shares);
    double agreement = 0;
    for (int i = 0; i < voters; i++) {
      agreement += tolerance.covers(numbers[i], value) ? shares[i] : 0;
    }
    boolean reached = agreement >= minAgreement - TOLERANCE;
    return Decision.ofValue(
        id,
        reached ? Optional.of(value) : Optional.empty(),
        Math.min(1, agreement),
        reached ? DecisionStatus.REACHED : DecisionStatus.BELOW_AGREEMENT);
  }
}
