package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * {@code bulyan}: selects all but {@code 2f} of {@code n} contributions, each time the one that
 * {@link Krum} chooses among those left; then takes for every number the mean of all but {@code 2f}
 * of the selected ones, those closest to their median. Source: El Mhamdi, Guerraoui, Rouault, The
 * Hidden Vulnerability of Distributed Learning in Byzantium, ICML 2018. Thread-safe.
 *
 * <p>Options: {@code byzantine} and {@code neighbours} as for {@link Krum}, where {@code n} is the
 * number of those left.
 *
 * <p>Needs {@code 4f+3} contributions; without arbitrary ones any number, and is then the mean. At
 * most {@code f} of those selected are arbitrary, so each number stays within the range of the
 * honest ones, widened by its own width at both sides.
 */
public final class Bulyan implements WeightlessAggregator {

  /** For the service loader. */
  public Bulyan() {}

  @Override
  public String name() {
    return "bulyan";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of(KrumScore.BYZANTINE, KrumScore.NEIGHBOURS));
    KrumScore.check(new OptionChecks(options, violations));
  }

  @Override
  public int minimum(Options options) {
    int byzantine = KrumScore.of(options).byzantine();
    return byzantine == 0 ? 1 : 4 * byzantine + 3;
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    KrumScore score = KrumScore.of(options);
    int selectable = inputs.size() - 2 * score.byzantine();
    Selection selection = Selection.of(inputs, select(inputs, score, selectable), name());
    int averaged = selectable - 2 * score.byzantine();
    Partial value =
        Coordinates.each(
            Average.partials(selection.selected()), sorted -> aroundMedian(sorted, averaged));
    return selection.rejecting(
        Average.sharedOut(selection.selected(), value, Average.equalShares(selectable)));
  }

  private static BitSet select(List<Input> inputs, KrumScore score, int count) {
    Distances distances = Distances.between(Average.partials(inputs));
    BitSet left = Selection.all(inputs);
    BitSet selected = new BitSet();
    for (int i = 0; i < count; i++) {
      BitSet best = score.best(distances, left, 1);
      selected.or(best);
      left.andNot(best);
    }
    return selected;
  }

  /** The mean of those closest to the median; of two as close, the smaller one. */
  private static double aroundMedian(double[] sorted, int count) {
    double median = CoordinateMedian.of(sorted);
    int from = 0;
    // Those closest lie side by side: the window moves up while its lowest is the farther one.
    while (from + count < sorted.length && median - sorted[from] > sorted[from + count] - median) {
      from++;
    }
    return Coordinates.mean(sorted, from, from + count);
  }
}
