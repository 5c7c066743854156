package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Options;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/**
 * Krum's score of a contribution: the sum of its squared distances to those closest to it.
 *
 * @param byzantine how many contributions may be arbitrary, the {@code f} of the literature
 * @param neighbours how many others make a score
 */
record KrumScore(int byzantine, Neighbours neighbours) {
  static final String BYZANTINE = "byzantine";
  static final String NEIGHBOURS = "neighbours";

  /** Of the most nodes that a job may have, fewer than half may be arbitrary. */
  private static final int MOST_BYZANTINE = (CollaborativeSpec.MAX_NODES - 1) / 2;

  private static final Set<String> CONVENTIONS =
      Set.of(Neighbours.PAPER.option, Neighbours.WITH_ITSELF.option);

  /** How many others make a score; two conventions are in use. */
  enum Neighbours {
    /** As Blanchard et al. and Flower have it, of which the latter counts at least one. */
    PAPER("n-f-2"),
    /** As ByzFL has it: n-f, of which the contribution itself is one. */
    WITH_ITSELF("n-f");

    private final String option;

    Neighbours(String option) {
      this.option = option;
    }

    int others(int count, int byzantine) {
      int others = this == PAPER ? Math.max(1, count - byzantine - 2) : count - byzantine - 1;
      return Math.max(0, Math.min(count - 1, others));
    }
  }

  static KrumScore of(Options options) {
    boolean paper = options.text(NEIGHBOURS).map(Neighbours.PAPER.option::equals).orElse(true);
    return new KrumScore(
        options.number(BYZANTINE).orElseThrow().intValue(),
        paper ? Neighbours.PAPER : Neighbours.WITH_ITSELF);
  }

  static OptionChecks check(OptionChecks checks) {
    return checks
        .required(BYZANTINE, "how many contributions may be arbitrary, 0 or more")
        .whole(BYZANTINE, 0, MOST_BYZANTINE)
        .oneOf(NEIGHBOURS, CONVENTIONS);
  }

  /**
   * The fewest contributions among which the arbitrary ones are a minority and too few to make a
   * score on their own.
   */
  int minimum() {
    int count = 2 * byzantine + 1;
    while (neighbours.others(count, byzantine) < byzantine) {
      count++;
    }
    return count;
  }

  /**
   * The places of the contributions with the least scores; of equal scores the first.
   *
   * @param among the places of those that take part
   * @param select how many, 1 to as many as take part
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if a score of theirs is infinite
   */
  BitSet best(Distances distances, BitSet among, int select) {
    int[] places = among.stream().toArray();
    double[] scores = Arrays.stream(places).mapToDouble(i -> score(i, distances, places)).toArray();
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    double last = sorted[select - 1];
    if (last == Double.POSITIVE_INFINITY) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "contributions: are too far apart for distances in FP64");
    }
    int ties = select - (int) Arrays.stream(scores).filter(score -> score < last).count();
    BitSet best = new BitSet();
    for (int i = 0; i < places.length; i++) {
      if (scores[i] < last || scores[i] == last && ties-- > 0) {
        best.set(places[i]);
      }
    }
    return best;
  }

  private double score(int of, Distances distances, int[] among) {
    double[] squares =
        Arrays.stream(among)
            .filter(i -> i != of)
            .mapToDouble(i -> distances.squared(of, i))
            .toArray();
    Arrays.sort(squares);
    return Arrays.stream(squares, 0, neighbours.others(among.length, byzantine)).sum();
  }
}
