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
