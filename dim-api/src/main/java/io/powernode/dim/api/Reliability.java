package io.powernode.dim.api;

import java.util.List;

/**
 * How far confidences can be believed, judged on rows whose true labels are known: of the rows of
 * which a calibrated model is 80 % sure it gets 80 % right. Sources: M. H. DeGroot, S. E. Fienberg,
 * The comparison and evaluation of forecasters, The Statistician 32 (1983), for the table; C. Guo,
 * G. Pleiss, Y. Sun, K. Q. Weinberger, On calibration of modern neural networks, ICML (2017), for
 * the calibration error; G. W. Brier, Verification of forecasts expressed in terms of probability,
 * Monthly Weather Review 78 (1950).
 *
 * @param rows how many rows were judged, 1 or more: those with a label and a confidence
 * @param accuracy the share of them whose label is the true one, 0..1
 * @param confidence the mean confidence, 0..1
 * @param ece the expected calibration error, 0..1: over the rows, the mean distance between the
 *     accuracy and the mean confidence of a row's bin
 * @param brier the mean squared distance, 0..1, between the confidence and 1 for a true label, 0
 *     for another: with two classes the Brier score, with more that of the given labels only
 * @param bins of confidence, of width 0.1, ascending; those without rows are left out
 */
public record Reliability(
    long rows, double accuracy, double confidence, double ece, double brier, List<Bin> bins) {

  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * The rows with about one confidence.
   *
   * @param from the least confidence of the bin
   * @param to the confidence below which it ends; the last bin includes 1
   * @param rows how many, 1 or more
   * @param confidence their mean confidence
   * @param accuracy the share of them whose label is the true one
   */
  public record Bin(double from, double to, long rows, double confidence, double accuracy) {}
}
