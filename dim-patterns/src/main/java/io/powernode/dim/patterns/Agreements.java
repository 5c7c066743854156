package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.Evidence.Agreement;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.List;
import java.util.Optional;

/** How much the models agree, in the terms of labels or of numbers. */
final class Agreements {
  private Agreements() {}

  static Agreement ofLabels(Ballots ballots, List<Decision> decisions) {
    return new Agreement(
        mean(decisions),
        FleissKappa.of(ballots),
        KrippendorffAlpha.of(ballots),
        PairwiseAgreement.ofLabels(ballots));
  }

  static Agreement ofNumbers(Ballots ballots, List<Decision> decisions, Consensus consensus) {
    return new Agreement(
        mean(decisions),
        Optional.empty(),
        IntervalAlpha.of(ballots),
        PairwiseAgreement.ofNumbers(ballots, Tolerance.of(consensus.options())));
  }

  private static double mean(List<Decision> decisions) {
    return decisions.stream().mapToDouble(Decision::agreement).average().orElse(0);
  }
}
