package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import java.util.Map;

/** What a model's vote weighs, given how it did on rows whose labels are known. */
final class GoldStandard {
  private GoldStandard() {}

  /**
   * The logarithm of the odds that the model is right, relative to a model that guesses: {@code
   * log((k-1)·p/(1-p))} for k classes, where p is the share of its hits with one hit added, and one
   * miss for each other class. A model no better than guessing weighs as little as a number above 0
   * can. Sources: S. Nitzan, J. Paroush, Optimal decision rules in uncertain dichotomous choice
   * situations, International Economic Review 23 (1982), for two classes; J. Zhu, H. Zou, S.
   * Rosset, T. Hastie, Multi-class AdaBoost, Statistics and Its Interface 2 (2009), for more.
   *
   * @param outputs a partial of the reduction {@code metrics}
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if it is none
   */
  static double weight(Map<String, Tensor> outputs, long samples, ModelDescriptor model) {
    Partial partial = new Partial(outputs, samples);
    MetricCounts.problem(partial, model.labels())
        .ifPresent(
            problem -> {
              throw new DimException(ErrorCode.INVALID_DATA, "metrics: " + problem);
            });
    Metrics metrics = MetricCounts.of(partial).metrics();
    long hits = 0;
    for (int label = 0; label < metrics.labels().size(); label++) {
      hits += metrics.confusion().get(label).get(label);
    }
    int others = metrics.labels().size() - 1;
    double odds = (hits + 1.0) / (metrics.samples() - hits + others);
    return Math.max(Math.log(others * odds), Double.MIN_NORMAL);
  }
}
