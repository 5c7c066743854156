package io.powernode.dim.api;

import java.util.Objects;

/**
 * How the nodes' contributions become one answer. A plugin may add methods, so the name is open.
 *
 * @param method the aggregator's name
 * @param options what the method asks for; in JSON, fields beside {@code method}
 */
public record Aggregation(String method, Options options) {

  public Aggregation {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(options, "options");
  }

  /** An aggregation by name, without options. */
  public static Aggregation of(String method) {
    return new Aggregation(method, Options.none());
  }

  /** The mean weighted by sample count (McMahan et al. 2017, "FedAvg"). */
  public static Aggregation federatedAveraging() {
    return of("federated_averaging");
  }

  /** The mean weighted by the job's {@code weights}, else by the nodes' reputation. */
  public static Aggregation weightedAverage() {
    return of("weighted_average");
  }

  /** The coordinate-wise median (Yin et al. 2018). */
  public static Aggregation median() {
    return of("median");
  }

  /**
   * The coordinate-wise mean without the smallest and the largest (Yin et al. 2018).
   *
   * @param share of the contributions to cut at each side, 0 or more and below 0.5
   */
  public static Aggregation trimmedMean(double share) {
    return of("trimmed_mean").with("trim", share);
  }

  /** The point nearest to the contributions on the mean (Pillutla et al. 2022). */
  public static Aggregation geometricMedian() {
    return of("geometric_median");
  }

  /**
   * The contribution closest to its neighbours (Blanchard et al. 2017).
   *
   * @param byzantine how many contributions may be arbitrary, 0 or more
   */
  public static Aggregation krum(int byzantine) {
    return of("krum").with("byzantine", byzantine);
  }

  /**
   * The mean of the contributions closest to their neighbours (Blanchard et al. 2017).
   *
   * @param byzantine how many contributions may be arbitrary, 0 or more
   */
  public static Aggregation multiKrum(int byzantine) {
    return of("multi_krum").with("byzantine", byzantine);
  }

  /**
   * The mean around the median of the contributions that Krum selects (El Mhamdi et al. 2018).
   *
   * @param byzantine how many contributions may be arbitrary, 0 or more; 4 times as many and 3 are
   *     needed
   */
  public static Aggregation bulyan(int byzantine) {
    return of("bulyan").with("byzantine", byzantine);
  }

  /** The sum of the nodes' histograms; goes with the reduction of the same name. */
  public static Aggregation histogram() {
    return of("histogram");
  }

  /** The sum of the nodes' sums; goes with the reduction of the same name. */
  public static Aggregation sum() {
    return of("sum");
  }

  /** The nodes' metrics as if computed over all their rows; goes with the reduction metrics. */
  public static Aggregation metrics() {
    return of("metrics");
  }

  /** The same aggregation with one more option. */
  public Aggregation with(String name, Object value) {
    return new Aggregation(method, options.with(name, value));
  }
}
