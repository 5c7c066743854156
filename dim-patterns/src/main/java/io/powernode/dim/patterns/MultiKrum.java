package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Reduction;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * {@code multi_krum}: the mean of the contributions with the best scores of {@link Krum}. Source:
 * Blanchard et al., Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent, NIPS
 * 2017. Thread-safe.
 *
 * <p>Options: {@code byzantine} and {@code neighbours} as for {@link Krum}; {@code select}, how
 * many are averaged, 1 or more, all but the arbitrary ones ({@code n-f}) by default; {@code
 * weighting} of those selected: {@code none} (the default), {@code samples}, {@code given} or
 * {@code reputation}.
 *
 * <p>Needs as many contributions as {@link Krum}, and {@code select+f}. Each one selected is then
 * as near to an honest one as with {@link Krum}.
 */
public final class MultiKrum extends WeightingAggregator {
  private static final String SELECT = "select";

  /** For the service loader. */
  public MultiKrum() {
    super(Weighting.NONE);
  }

  @Override
  public String name() {
    return "multi_krum";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(
        violations, Set.of(KrumScore.BYZANTINE, KrumScore.NEIGHBOURS, SELECT, Weighting.OPTION));
    KrumScore.check(new OptionChecks(options, violations))
        .whole(SELECT, 1, CollaborativeSpec.MAX_NODES)
        .oneOf(Weighting.OPTION, Weighting.NAMES);
  }

  @Override
  public int minimum(Options options) {
    KrumScore score = KrumScore.of(options);
    int select = options.number(SELECT).orElse(1.0).intValue();
    return Math.max(score.minimum(), select + score.byzantine());
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    KrumScore score = KrumScore.of(options);
    int select =
        options.number(SELECT).map(Double::intValue).orElse(inputs.size() - score.byzantine());
    BitSet best =
        score.best(Distances.between(Average.partials(inputs)), Selection.all(inputs), select);
    Selection selection = Selection.of(inputs, best, name());
    return selection.rejecting(
        Average.of(selection.selected(), weighting(options).of(selection.selected())));
  }
}
