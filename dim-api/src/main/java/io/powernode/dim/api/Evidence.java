package io.powernode.dim.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a result is what it is. Which parts are there depends on the pattern.
 *
 * @param method the aggregation or consensus method; the pattern's name where there is neither
 * @param reduction what left the nodes, where rows were reduced
 * @param contributions what each node was asked for and whether it counts, sorted by node
 * @param votes what each model voted, in declared order
 * @param agreement how much the models agree
 * @param calibration how far confidences can be believed, where the job asks for that
 * @param quorum how many contributions were needed and counted
 * @param reviews who decided disputed rows, in the order of time; each row is in one of them
 * @param details what a pattern or a plugin adds
 */
public record Evidence(
    String method,
    Optional<String> reduction,
    List<Contribution> contributions,
    List<ModelVotes> votes,
    Optional<Agreement> agreement,
    List<Calibration> calibration,
    Optional<QuorumOutcome> quorum,
    List<ReviewRecord> reviews,
    Options details) {

  public Evidence {
    Objects.requireNonNull(method, "method");
    contributions = List.copyOf(contributions);
    votes = List.copyOf(votes);
    calibration = List.copyOf(calibration);
    reviews = List.copyOf(reviews);
  }

  /** Evidence that names the method only. */
  public static Evidence of(String method) {
    return new Evidence(
        method,
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        Options.none());
  }

  /** Evidence of a collaborative job. */
  public static Evidence ofContributions(
      String method, String reduction, List<Contribution> contributions, QuorumOutcome quorum) {
    return new Evidence(
        method,
        Optional.of(reduction),
        contributions,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.of(quorum),
        List.of(),
        Options.none());
  }

  /** Evidence of a comparative job. */
  public static Evidence ofVotes(
      String method, List<ModelVotes> votes, Agreement agreement, List<ReviewRecord> reviews) {
    return new Evidence(
        method,
        Optional.empty(),
        List.of(),
        votes,
        Optional.of(agreement),
        List.of(),
        Optional.empty(),
        reviews,
        Options.none());
  }

  /** The same evidence with other details. */
  public Evidence with(Options more) {
    return new Evidence(
        method, reduction, contributions, votes, agreement, calibration, quorum, reviews, more);
  }

  /** The same evidence with these calibrations. */
  public Evidence calibrated(List<Calibration> found) {
    return new Evidence(
        method, reduction, contributions, votes, agreement, found, quorum, reviews, details);
  }

  /** The same evidence with these reviews. */
  public Evidence reviewed(List<ReviewRecord> given) {
    return new Evidence(
        method, reduction, contributions, votes, agreement, calibration, quorum, given, details);
  }

  /**
   * What one node contributed.
   *
   * @param nodeId the node
   * @param weight its share of the answer, 0..1; all shares sum to 1, a method that selects gives
   *     the selected ones theirs; 0 if not accepted
   * @param samples how many rows it spoke for; 0 if it did not answer
   * @param distance Euclidean distance of its answer to the aggregate over all values, where both
   *     have the same shape
   * @param accepted whether it counts
   * @param reason why not: late, failed, or what was wrong with its answer
   */
  public record Contribution(
      String nodeId,
      double weight,
      long samples,
      Optional<Double> distance,
      boolean accepted,
      Optional<String> reason) {}

  /**
   * What one model voted.
   *
   * @param modelId the model
   * @param nodeId where it ran
   * @param weight its weight as used, above 0; 0 if it failed
   * @param labels its label for each row, in the order of the decisions; an empty text where it
   *     abstained; empty for a regression
   * @param values its number for each row of a regression; NaN where it abstained
   * @param error why it did not vote at all
   */
  public record ModelVotes(
      String modelId,
      String nodeId,
      double weight,
      List<String> labels,
      List<Double> values,
      Optional<ErrorInfo> error) {

    public ModelVotes {
      labels = List.copyOf(labels);
      values = List.copyOf(values);
    }

    /** Votes for labels. */
    public ModelVotes(
        String modelId,
        String nodeId,
        double weight,
        List<String> labels,
        Optional<ErrorInfo> error) {
      this(modelId, nodeId, weight, labels, List.of(), error);
    }
  }

  /**
   * How much the models agree.
   *
   * @param mean the mean of the rows' agreement, 0..1
   * @param fleissKappa Fleiss' kappa (1971) over rows on which every model voted, at most 1; empty
   *     where it is undefined, and for a regression
   * @param krippendorffAlpha Krippendorff's alpha (2011) over rows on which at least two models
   *     voted, for nominal data or, of a regression, for interval data; at most 1; empty where it
   *     is undefined
   * @param pairs how far each two models agree, in declared order; empty for more than 50 models
   */
  public record Agreement(
      double mean,
      Optional<Double> fleissKappa,
      Optional<Double> krippendorffAlpha,
      List<PairAgreement> pairs) {

    public Agreement {
      pairs = List.copyOf(pairs);
    }
  }

  /**
   * How far two models agree.
   *
   * @param modelId the model declared first
   * @param otherModelId the other
   * @param rows on how many rows both voted
   * @param share of those rows on which they voted for the same label, or for numbers within the
   *     tolerance of each other, 0..1; empty without rows
   */
  public record PairAgreement(
      String modelId, String otherModelId, long rows, Optional<Double> share) {}

  /**
   * How far one model's confidences can be believed, or the consensus'.
   *
   * @param modelId whose; empty for the consensus
   * @param reliability the table; exactly one of this and {@code error}
   * @param error why there is none
   */
  public record Calibration(
      Optional<String> modelId, Optional<Reliability> reliability, Optional<ErrorInfo> error) {}

  /**
   * How many contributions were needed and counted.
   *
   * @param min needed
   * @param counted sound ones, of which a method that selects may still reject some
   */
  public record QuorumOutcome(int min, int counted) {}

  /**
   * One expert's decisions, handed in at once; their labels are in the output.
   *
   * @param reviewer who
   * @param at when
   * @param rows which rows were decided, by their pseudonymous ids
   * @param note why, in the expert's words
   */
  public record ReviewRecord(
      String reviewer, Instant at, List<String> rows, Optional<String> note) {

    public ReviewRecord {
      rows = List.copyOf(rows);
    }
  }
}
