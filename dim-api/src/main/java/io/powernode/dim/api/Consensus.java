package io.powernode.dim.api;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the answers of several models become one decision a row. A plugin may add methods, so the
 * name is open.
 *
 * @param method the consensus rule's name
 * @param minAgreement the share of the vote that must agree, within 0..1; 0 unless given, for
 *     methods of numbers 1
 * @param weights given weights by model id, each finite and above 0
 * @param tie what happens to a tied row
 * @param threshold from where on a model with one probability a row, or with one for each of two
 *     labels, votes for the second label, however likely the first; within 0..1. The models' own
 *     unless given; without either it is 0.5 for one probability, and the likelier of two is voted
 *     for. Methods that combine probabilities part the combined ones by the given threshold too,
 *     not by the models' own. A model that answers labels itself votes for those. With a threshold,
 *     two scores that are no probabilities fail their model; not with more than two labels
 * @param labels the class labels in order, at least 2 when given; else the models' own
 * @param reviewTimeout how long an expert may take
 * @param onReviewTimeout what happens then; unresolved by default
 * @param options what the method asks for; in JSON, fields beside the others. One is every label
 *     method's: {@value #MIN_CONFIDENCE}, within 0..1: a model whose probability for its own vote
 *     on a row is less abstains there, and a model without probabilities fails; another is {@value
 *     #CALIBRATION}
 */
public record Consensus(
    String method,
    Optional<Double> minAgreement,
    Map<String, Double> weights,
    TieRule tie,
    Optional<Double> threshold,
    List<String> labels,
    Optional<Duration> reviewTimeout,
    ReviewTimeoutRule onReviewTimeout,
    Options options) {

  /** The option for the least probability with which a model's vote counts. */
  public static final String MIN_CONFIDENCE = "minConfidence";

  /**
   * The option for the name of a cabinet with a label column on every named node: each model is
   * tried on it where it votes, by the reduction {@code metrics}, and its {@link #weights} entry
   * becomes the logarithm of its odds to be right. For methods that accept it: {@code
   * weighted_vote}, and plugins that allow it.
   */
  public static final String GOLD_CABINET = "goldCabinet";

  /**
   * The option for the name of a cabinet with a label column on every named node, the same on all
   * of them: how far the confidences of each model and of the consensus can be believed is judged
   * on its rows, and the tables become {@link Evidence#calibration}. The rows are judged where they
   * are, by the reductions {@code calibration} and {@code decision_calibration}, which the owner's
   * policy must allow; without either, the evidence says why a table is missing. For every label
   * method; the cabinet may be the one that is voted on.
   */
  public static final String CALIBRATION = "calibration";

  /** The option for how far a number may be from the consensus to agree with it; 0 or more. */
  public static final String ABSOLUTE_TOLERANCE = "absoluteTolerance";

  /** The same as a share of the consensus, 0 or more; of the two tolerances the larger counts. */
  public static final String RELATIVE_TOLERANCE = "relativeTolerance";

  public Consensus {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(tie, "tie");
    Objects.requireNonNull(onReviewTimeout, "onReviewTimeout");
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    labels = List.copyOf(labels);
  }

  /** Consensus by the named method with every other value at its default. */
  public static Consensus of(String method) {
    return new Consensus(
        method,
        Optional.empty(),
        Map.of(),
        TieRule.NONE,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        ReviewTimeoutRule.UNRESOLVED,
        Options.none());
  }

  /** One model, one vote. */
  public static Consensus majorityVote() {
    return of("majority_vote");
  }

  /** Votes weighted by the job's {@code weights}, else by the nodes' reputation. */
  public static Consensus weightedVote() {
    return of("weighted_vote");
  }

  /**
   * The label with the largest mean of the models' probabilities, weighted if weights are given.
   */
  public static Consensus meanProbability() {
    return of("mean_probability");
  }

  /** The label with the largest median of the models' probabilities. */
  public static Consensus medianProbability() {
    return of("median_probability");
  }

  /** The most probable label, given how the models seem to err (Dawid and Skene 1979). */
  public static Consensus dawidSkene() {
    return of("dawid_skene");
  }

  /** The mean of the models' numbers; needs a tolerance. */
  public static Consensus mean() {
    return of("mean");
  }

  /** The mean weighted by the job's {@code weights}, else by reputation; needs a tolerance. */
  public static Consensus weightedMean() {
    return of("weighted_mean");
  }

  /** The median of the models' numbers; needs a tolerance. */
  public static Consensus median() {
    return of("median");
  }

  /** An expert decides the rows on which agreement is below {@code minAgreement}. */
  public static Consensus expertReview() {
    return of("expert_review");
  }

  /** The same consensus that needs this share of the vote, within 0..1. */
  public Consensus minAgreement(double share) {
    return new Consensus(
        method,
        Optional.of(share),
        weights,
        tie,
        threshold,
        labels,
        reviewTimeout,
        onReviewTimeout,
        options);
  }

  /** The same consensus with given weights by model id. */
  public Consensus weights(Map<String, Double> given) {
    return new Consensus(
        method,
        minAgreement,
        given,
        tie,
        threshold,
        labels,
        reviewTimeout,
        onReviewTimeout,
        options);
  }

  /** The same consensus with another rule for tied rows. */
  public Consensus tie(TieRule rule) {
    return new Consensus(
        method,
        minAgreement,
        weights,
        rule,
        threshold,
        labels,
        reviewTimeout,
        onReviewTimeout,
        options);
  }

  /** The same consensus in which the second label's probability makes it the vote from here on. */
  public Consensus threshold(double probability) {
    return new Consensus(
        method,
        minAgreement,
        weights,
        tie,
        Optional.of(probability),
        labels,
        reviewTimeout,
        onReviewTimeout,
        options);
  }

  /** The same consensus over these labels, in this order. */
  public Consensus labels(String... ordered) {
    return new Consensus(
        method,
        minAgreement,
        weights,
        tie,
        threshold,
        List.of(ordered),
        reviewTimeout,
        onReviewTimeout,
        options);
  }

  /** The same consensus with a time limit for the expert. */
  public Consensus review(Duration limit, ReviewTimeoutRule onTimeout) {
    return new Consensus(
        method,
        minAgreement,
        weights,
        tie,
        threshold,
        labels,
        Optional.of(limit),
        onTimeout,
        options);
  }

  /** The same consensus in which a model abstains where it gives its vote less, within 0..1. */
  public Consensus minConfidence(double probability) {
    return with(MIN_CONFIDENCE, probability);
  }

  /** The same consensus, whose confidences are judged on a cabinet with a label column. */
  public Consensus calibration(String cabinet) {
    return with(CALIBRATION, cabinet);
  }

  /** The same consensus in which numbers so far from it agree, 0 or more. */
  public Consensus absoluteTolerance(double distance) {
    return with(ABSOLUTE_TOLERANCE, distance);
  }

  /** The same consensus in which numbers this share of it away agree, 0 or more. */
  public Consensus relativeTolerance(double share) {
    return with(RELATIVE_TOLERANCE, share);
  }

  /** The same consensus with one more option. */
  public Consensus with(String name, Object value) {
    return new Consensus(
        method,
        minAgreement,
        weights,
        tie,
        threshold,
        labels,
        reviewTimeout,
        onReviewTimeout,
        options.with(name, value));
  }

  void validate(Violations violations) {
    violations.requireShare(minAgreement, "minAgreement");
    violations.requireShare(threshold, "threshold");
    violations.require(
        labels.size() != 1 && new HashSet<>(labels).size() == labels.size(),
        "labels",
        "is not a set of classes",
        "at least 2 distinct labels, or left out");
    violations.require(
        reviewTimeout.map(JobSpec::isPositive).orElse(true),
        "reviewTimeout",
        "is not positive",
        "seconds above 0");
    weights.forEach((model, weight) -> violations.at("weights").requirePositive(weight, model));
  }
}
