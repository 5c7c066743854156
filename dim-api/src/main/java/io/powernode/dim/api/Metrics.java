package io.powernode.dim.api;

import java.util.List;
import java.util.Optional;

/**
 * The quality of a classifier against known labels.
 *
 * @param labels the classes, in the order of the matrix
 * @param confusion rows are true classes, columns predicted ones; counts
 * @param accuracy the share of correct predictions, 0..1
 * @param logLoss the mean negative log-likelihood of the true class in nats; probabilities are
 *     clipped to [1e-15, 1 - 1e-15]; empty for a model without probabilities
 * @param auc the area under the ROC curve of the second class, 0..1, from histograms of the
 *     probability; empty unless there are two classes, both present, and probabilities
 * @param samples how many rows
 */
public record Metrics(
    List<String> labels,
    List<List<Long>> confusion,
    double accuracy,
    Optional<Double> logLoss,
    Optional<Double> auc,
    long samples) {

  public Metrics {
    labels = List.copyOf(labels);
    confusion = confusion.stream().map(List::copyOf).toList();
  }
}
