package io.powernode.dim.spi;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes decisions of the models' votes for labels, or of the numbers of regressions. Thread-safe
 * and without state of its own.
 */
public interface ConsensusRule extends Named {
  /** Adds a violation for each field or option of {@code consensus} that the method cannot heed. */
  default void validate(Consensus consensus, Violations violations) {
    consensus
        .options()
        .allowOnly(
            violations,
            decidesNumbers()
                ? Set.of(Consensus.ABSOLUTE_TOLERANCE, Consensus.RELATIVE_TOLERANCE)
                : Set.of(Consensus.CALIBRATION, Consensus.MIN_CONFIDENCE));
  }

  /**
   * Whether every ballot must have probabilities. A model that gives none, or whose probabilities
   * the owner's policy keeps, has then failed.
   */
  default boolean needsProbabilities() {
    return false;
  }

  /**
   * Whether the method is for regressions: its ballots hold numbers and there are no labels, and
   * its decisions have values. Other models than regressions are then refused, and regressions
   * otherwise.
   */
  default boolean decidesNumbers() {
    return false;
  }

  /** Whether rows without a decision wait for an expert; not asked of methods for numbers. */
  default boolean needsReview(Decision decision, Consensus consensus) {
    return false;
  }

  /** Decides every row, in the order of the rows; linear in rows × models. */
  List<Decision> decide(Ballots ballots, Consensus consensus);

  /** How much each model's vote weighs, in the order of the ballots; above 0. */
  double[] weights(Ballots ballots, Consensus consensus);

  /** What else the method found out about the models, for the evidence; nothing by default. */
  default Options details(Ballots ballots, Consensus consensus) {
    return Options.none();
  }

  /**
   * Everybody's votes, column by column.
   *
   * @param rows pseudonymous row ids
   * @param labels the classes in declared order; empty for numbers
   * @param ballots one for each model that answered, in declared order
   */
  record Ballots(List<String> rows, List<String> labels, List<Ballot> ballots) {
    public Ballots {
      rows = List.copyOf(rows);
      labels = List.copyOf(labels);
      ballots = List.copyOf(ballots);
    }
  }

  /** One model's votes, or its numbers. */
  final class Ballot {
    /** The vote of a model that abstained. */
    public static final int ABSTAIN = -1;

    private final String modelId;
    private final double reputation;
    private final int[] votes;
    private final Optional<double[]> probabilities;
    private final double[] numbers;

    private Ballot(
        String modelId,
        double reputation,
        int[] votes,
        Optional<double[]> probabilities,
        double[] numbers) {
      this.modelId = modelId;
      this.reputation = reputation;
      this.votes = votes;
      this.probabilities = probabilities;
      this.numbers = numbers;
    }

    /**
     * A ballot over arrays that the caller hands over.
     *
     * @param modelId the model
     * @param reputation of the node that ran it, 0..1
     * @param votes an index into the labels for each row, or {@link #ABSTAIN}
     * @param probabilities of each label for each row, row-major [rows × labels], each 0..1
     */
    public Ballot(
        String modelId, double reputation, int[] votes, Optional<double[]> probabilities) {
      this(modelId, reputation, votes, probabilities, new double[0]);
    }

    /**
     * A ballot of numbers.
     *
     * @param modelId the model
     * @param reputation of the node that ran it, 0..1
     * @param numbers one for each row, finite, or NaN where the model abstained; handed over
     */
    public static Ballot ofNumbers(String modelId, double reputation, double[] numbers) {
      return new Ballot(modelId, reputation, new int[0], Optional.empty(), numbers);
    }

    /** The model. */
    public String modelId() {
      return modelId;
    }

    /** The reputation of the node that ran it, 0..1. */
    public double reputation() {
      return reputation;
    }

    /** The vote on a row: an index into the labels, or {@link #ABSTAIN}, as for all numbers. */
    public int vote(int row) {
      return votes.length == 0 ? ABSTAIN : votes[row];
    }

    /** The number for a row: finite, or NaN where the model abstained, as for all labels. */
    public double number(int row) {
      return numbers.length == 0 ? Double.NaN : numbers[row];
    }

    /** Whether the model gave a row neither a vote nor a number. */
    public boolean abstains(int row) {
      return vote(row) == ABSTAIN && Double.isNaN(number(row));
    }

    /** The probability that the model gives a label on a row, if it gives any. */
    public Optional<Double> probability(int row, int label) {
      return probabilities.map(p -> p[row * (p.length / votes.length) + label]);
    }

    @Override
    public String toString() {
      long given =
          IntStream.range(0, Math.max(votes.length, numbers.length))
              .filter(row -> !abstains(row))
              .count();
      return modelId + ": " + given + " votes";
    }
  }
}
