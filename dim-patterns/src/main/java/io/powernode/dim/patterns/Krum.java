package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Reduction;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * {@code krum}: the one contribution whose squared distances to those closest to it have the least
 * sum; of equal ones that of the node whose id comes first. Source: Blanchard et al., Machine
 * Learning with Adversaries: Byzantine Tolerant Gradient Descent, NIPS 2017. Thread-safe.
 *
 * <p>Options: {@code byzantine}, how many contributions may be arbitrary, must be given; {@code
 * neighbours}, how many others count in a score: {@code "n-f-2"}, as in the paper and in Flower (at
 * least one), which is the default, or {@code "n-f"}, of which the contribution itself is one, as
 * in ByzFL.
 *
 * <p>At least as many others as may be arbitrary have to count, and the arbitrary ones have to be a
 * minority, so that no score is made of them alone; this needs {@code 2f+2} contributions, with
 * {@code "n-f"} or one arbitrary contribution {@code 2f+1}. Then the one chosen is honest, or from
 * an honest one no farther than {@code sqrt(k/(k-f+1))} times the largest distance between honest
 * ones, where {@code k} others count. The theorem of the paper needs {@code 2f+3}.
 */
public final class Krum implements WeightlessAggregator {

  /** For the service loader. */
  public Krum() {}

  @Override
  public String name() {
    return "krum";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of(KrumScore.BYZANTINE, KrumScore.NEIGHBOURS));
    KrumScore.check(new OptionChecks(options, violations));
  }

  @Override
  public int minimum(Options options) {
    return KrumScore.of(options).minimum();
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    BitSet best =
        KrumScore.of(options)
            .best(Distances.between(Average.partials(inputs)), Selection.all(inputs), 1);
    Selection selection = Selection.of(inputs, best, name());
    return selection.rejecting(Average.of(selection.selected(), Average.equalShares(1)));
  }
}
