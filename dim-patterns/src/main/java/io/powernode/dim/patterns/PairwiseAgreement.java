package io.powernode.dim.patterns;

import io.powernode.dim.api.Evidence.PairAgreement;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far each two models agree on the rows on which both voted. */
final class PairwiseAgreement {
  /** Pairs grow with the square of the models; more would be neither read nor cheap. */
  private static final int MOST_MODELS = 50;

  private PairwiseAgreement() {}

  /** Whether two models that voted on a row say the same of it. */
  private interface Same {
    boolean on(Ballot one, Ballot other, int row);
  }

  /** One entry for each pair, in the order of the ballots; none where there are more models. */
  static List<PairAgreement> ofLabels(Ballots ballots) {
    return of(ballots, (one, other, row) -> one.vote(row) == other.vote(row));
  }

  /** The same of numbers, which agree within a tolerance. */
  static List<PairAgreement> ofNumbers(Ballots ballots, Tolerance tolerance) {
    return of(ballots, (one, other, row) -> tolerance.joins(one.number(row), other.number(row)));
  }

  private static List<PairAgreement> of(Ballots ballots, Same same) {
    List<Ballot> voters = ballots.ballots();
    List<PairAgreement> pairs = new ArrayList<>();
    if (voters.size() > MOST_MODELS) {
      return pairs;
    }
    for (int i = 0; i < voters.size(); i++) {
      for (int j = i + 1; j < voters.size(); j++) {
        pairs.add(pair(voters.get(i), voters.get(j), ballots.rows().size(), same));
      }
    }
    return pairs;
  }

  private static PairAgreement pair(Ballot one, Ballot other, int rows, Same same) {
    long both = 0;
    long alike = 0;
    for (int row = 0; row < rows; row++) {
      if (!one.abstains(row) && !other.abstains(row)) {
        both++;
        alike += same.on(one, other, row) ? 1 : 0;
      }
    }
    return new PairAgreement(
        one.modelId(),
        other.modelId(),
        both,
        both == 0 ? Optional.empty() : Optional.of((double) alike / both));
  }
}
