package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.util.List;
import java.util.stream.IntStream;

/** What rules have in common that combine the models' probabilities, label by label. */
abstract class ProbabilityRule extends VotingRule {

  ProbabilityRule(String name) {
    super(name);
  }

  @Override
  public final boolean needsProbabilities() {
    return true;
  }

  /**
   * Of several models' probabilities of one label on one row.
   *
   * @param weights the models', in the same order; their sum is finite
   */
  abstract double combined(double[] probabilities, double[] weights);

  @Override
  public final List<Decision> decide(Ballots ballots, Consensus consensus) {
    double[] weights = weights(ballots, consensus);
    double[] addable = Tally.addable(weights);
    return new ProbableLabels(ballots, weights, consensus)
        .decisions(row -> combined(ballots, row, addable), consensus.threshold());
  }

  private double[] combined(Ballots ballots, int row, double[] weights) {
    List<Ballot> all = ballots.ballots();
    int[] voters =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).vote(row) != Ballot.ABSTAIN)
            .toArray();
    double[] own = IntStream.of(voters).mapToDouble(i -> weights[i]).toArray();
    return IntStream.range(0, ballots.labels().size())
        .mapToDouble(
            label ->
                combined(
                    IntStream.of(voters)
                        .mapToDouble(i -> probability(all.get(i), row, label))
                        .toArray(),
                    own))
        .toArray();
  }

  private double probability(Ballot ballot, int row, int label) {
    return ballot
        .probability(row, label)
        .orElseThrow(
            () ->
                new DimException(
                    ErrorCode.INVALID_DATA,
                    "%s: the model %s gave no probabilities; allowed: only models that do"
                        .formatted(name(), ballot.modelId())));
  }
}
