package io.powernode.dim.examples;

import java.util.Arrays;
import java.util.List;

/** The metrics of a risk against the truth, by their definitions, over rows in one place. */
final class PooledMetrics {
  private PooledMetrics() {}

  /** Rows are true classes, columns predicted ones. */
  static List<List<Long>> confusion(double[] risks, boolean[] truth) {
    long[][] counts = new long[2][2];
    for (int i = 0; i < risks.length; i++) {
      counts[truth[i] ? 1 : 0][risks[i] >= 0.5 ? 1 : 0]++;
    }
    return List.of(List.of(counts[0][0], counts[0][1]), List.of(counts[1][0], counts[1][1]));
  }

  static double accuracy(double[] risks, boolean[] truth) {
    double right = 0;
    for (int i = 0; i < risks.length; i++) {
      right += (risks[i] >= 0.5) == truth[i] ? 1 : 0;
    }
    return right / risks.length;
  }

  static double logLoss(double[] risks, boolean[] truth) {
    double sum = 0;
    for (int i = 0; i < risks.length; i++) {
      double likelihood = truth[i] ? risks[i] : 1 - risks[i];
      sum -= Math.log(Math.min(1 - 1e-15, Math.max(1e-15, likelihood)));
    }
    return sum / risks.length;
  }

  /** The share of pairs of a diseased and a healthy row in which the diseased one has more risk. */
  static double auc(double[] risks, boolean[] truth) {
    double won = 0;
    double pairs = 0;
    for (int sick = 0; sick < risks.length; sick++) {
      for (int well = 0; well < risks.length; well++) {
        if (truth[sick] && !truth[well]) {
          pairs++;
          won += risks[sick] > risks[well] ? 1 : risks[sick] == risks[well] ? 0.5 : 0;
        }
      }
    }
    return won / pairs;
  }

  /** Risks as histograms know them: the number of the bin, of {@code bins} equal ones. */
  static double[] coarse(double[] risks, int bins) {
    return Arrays.stream(risks).map(risk -> Math.min(bins - 1, Math.floor(risk * bins))).toArray();
  }

  /** How far the area can be off when it is taken from histograms: half of each pair in one bin. */
  static double histogramError(double[] coarse, boolean[] truth) {
    double together = 0;
    double pairs = 0;
    for (int sick = 0; sick < coarse.length; sick++) {
      for (int well = 0; well < coarse.length; well++) {
        if (truth[sick] && !truth[well]) {
          pairs++;
          together += coarse[sick] == coarse[well] ? 1 : 0;
        }
      }
    }
    return together / (2 * pairs);
  }
}
