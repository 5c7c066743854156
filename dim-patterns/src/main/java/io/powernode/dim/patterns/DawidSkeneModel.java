package io.powernode.dim.patterns;

import io.powernode.dim.spi.ConsensusRule.Ballot;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * How models seem to err, and what rows seem to be, estimated from each other by expectation
 * maximisation. Deterministic: it starts from the shares of the votes, and its sums run in the
 * order of the models and patterns that it is given.
 */
final class DawidSkeneModel {
  private final VotePatterns patterns;
  private final double smoothing;
  private final double[][] posteriors;
  private final double[] priors;
  private final double[][][] errors;
  private final double[][][] logErrors;
  private int iterations;
  private boolean converged;

  private DawidSkeneModel(VotePatterns patterns, int models, int labels, double smoothing) {
    this.patterns = patterns;
    this.smoothing = smoothing;
    this.posteriors = new double[patterns.votes().size()][labels];
    this.priors = new double[labels];
    this.errors = new double[models][labels][labels];
    this.logErrors = new double[models][labels][labels];
  }

  /**
   * Estimates until no probability changes by more than {@code tolerance}, at most {@code
   * maxIterations} times.
   *
   * @param smoothing votes above 0 that each model is taken to have cast for each label on rows of
   *     each label, so that nothing is impossible
   */
  static DawidSkeneModel fit(
      VotePatterns patterns,
      int models,
      int labels,
      double smoothing,
      double tolerance,
      int maxIterations) {
    DawidSkeneModel model = new DawidSkeneModel(patterns, models, labels, smoothing);
    model.start();
    model.maximise();
    while (model.iterations < maxIterations && !model.converged) {
      model.converged = model.expect() <= tolerance;
      model.maximise();
      model.iterations++;
    }
    return model;
  }

  /** The probability of each label on a row, given the votes on it. */
  double[] posterior(int row) {
    return posteriors[patterns.ofRow()[row]];
  }

  /** The share of each label among the rows with votes. */
  double[] priors() {
    return priors;
  }

  /** For each label that a row has, how likely the model votes for each label. */
  double[][] errors(int model) {
    return errors[model];
  }

  /** The share of rows on which the model is right. */
  double accuracy(int model) {
    double right = 0;
    for (int label = 0; label < priors.length; label++) {
      right += priors[label] * errors[model][label][label];
    }
    return right;
  }

  int iterations() {
    return iterations;
  }

  boolean converged() {
    return converged;
  }

  private void start() {
    for (int pattern = 0; pattern < posteriors.length; pattern++) {
      for (int vote : patterns.votes().get(pattern)) {
        if (vote != Ballot.ABSTAIN) {
          posteriors[pattern][vote] += 1.0 / patterns.voters()[pattern];
        }
      }
    }
  }

  /** The M-step: priors and errors that make the posteriors most likely. */
  private void maximise() {
    Arrays.fill(priors, 0);
    for (double[][] byTruth : errors) {
      for (double[] byVote : byTruth) {
        Arrays.fill(byVote, smoothing);
      }
    }
    for (int pattern = 0; pattern < posteriors.length; pattern++) {
      if (patterns.voters()[pattern] > 0) {
        count(pattern);
      }
    }
    normalise(priors);
    for (double[][] byTruth : errors) {
      for (double[] byVote : byTruth) {
        normalise(byVote);
      }
    }
  }

  private void count(int pattern) {
    int[] votes = patterns.votes().get(pattern);
    for (int label = 0; label < priors.length; label++) {
      double expected = patterns.rows()[pattern] * posteriors[pattern][label];
      priors[label] += expected;
      for (int model = 0; model < votes.length; model++) {
        if (votes[model] != Ballot.ABSTAIN) {
          errors[model][label][votes[model]] += expected;
        }
      }
    }
  }

  /** Divides by the sum; where there is nothing, all are equal. */
  private static void normalise(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = sum == 0 ? 1.0 / values.length : values[i] / sum;
    }
  }

  private static IntToDoubleFunction logOf(double[] values) {
    return i -> Math.log(values[i]);
  }

  /** The E-step: posteriors by Bayes' rule, and the largest change of one. */
  private double expect() {
    for (int model = 0; model < errors.length; model++) {
      for (int label = 0; label < priors.length; label++) {
        Arrays.setAll(logErrors[model][label], logOf(errors[model][label]));
      }
    }
    double change = 0;
    for (int pattern = 0; pattern < posteriors.length; pattern++) {
      double[] updated = posterior(patterns.votes().get(pattern));
      for (int label = 0; label < updated.length; label++) {
        change = Math.max(change, Math.abs(updated[label] - posteriors[pattern][label]));
      }
      posteriors[pattern] = updated;
    }
    return change;
  }

  private double[] posterior(int[] votes) {
    double[] logs = new double[priors.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int label = 0; label < logs.length; label++) {
      logs[label] = Math.log(priors[label]);
      for (int model = 0; model < votes.length; model++) {
        if (votes[model] != Ballot.ABSTAIN) {
          logs[label] += logErrors[model][label][votes[model]];
        }
      }
      largest = Math.max(largest, logs[label]);
    }
    // Relative to the largest, so that any number of models neither overflows nor vanishes.
    for (int label = 0; label < logs.length; label++) {
      logs[label] = Math.exp(logs[label] - largest);
    }
    normalise(logs);
    return logs;
  }
}
