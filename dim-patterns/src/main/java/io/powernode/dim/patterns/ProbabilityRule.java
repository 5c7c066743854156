package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;

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
   * @param weights the models', in the same order, maybe with more behind; their sum is finite
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
    List<Ballot> voters = new ArrayList<>();
    double[] own = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      if (ballots.ballots().get(i).vote(row) != Ballot.ABSTAIN) {
        own[voters.size()] = weights[i];
        voters.add(ballots.ballots().get(i));
      }
    }
    double[] combined = new double[ballots.labels().size()];
    double[] probabilities = new double[voters.size()];
    for (int label = 0; label < combined.length; label++) {
      for (int i = 0; i < probabilities.length; i++) {
        probabilities[i] = probability(voters.get(i), row, label);
      }
      combined[label] = combined(probabilities, own);
    }
    return combined;
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
