package io.powernode.dim.api;

import java.util.Arrays;
import java.util.Objects;

/**
 * Which local reduction turns the rows of a cabinet into what may leave the node. A plugin may add
 * methods, so the name is open.
 *
 * @param method the reduction's name
 * @param options what the method asks for; in JSON, fields beside {@code method}
 */
public record ReductionSpec(String method, Options options) {

  private static final String KEEP = "keep";

  public ReductionSpec {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(options, "options");
  }

  /** A reduction by name, without options. */
  public static ReductionSpec of(String method) {
    return new ReductionSpec(method, Options.none());
  }

  /** The mean of every output over the rows, and their number. */
  public static ReductionSpec mean() {
    return of("mean");
  }

  /** The sum of every output over the rows, and their number. */
  public static ReductionSpec sum() {
    return of("sum");
  }

  /**
   * How many rows have each output in which bin.
   *
   * @param edges of the bins, finite and ascending, 2 or more; there are bins below and above too
   */
  public static ReductionSpec histogram(double... edges) {
    return of("histogram").with("edges", Arrays.stream(edges).boxed().toList());
  }

  /** Confusion matrix, accuracy, log loss and AUC against the cabinet's declared label column. */
  public static ReductionSpec metrics() {
    return of("metrics");
  }

  /** One label a row; only where the cabinet's policy allows row-level answers. */
  public static ReductionSpec votes() {
    return of("votes");
  }

  /** The model's answer for every row; only where the cabinet's policy allows it. */
  public static ReductionSpec none() {
    return of("none");
  }

  /**
   * Nothing leaves: the model's answer for every row stays on the node, for the job's later tasks.
   * A task says so by itself; a job does not name it.
   */
  public static ReductionSpec keep() {
    return of(KEEP);
  }

  /** Whether nothing leaves. */
  public boolean keeps() {
    return method.equals(KEEP);
  }

  /** The same reduction with one more option. */
  public ReductionSpec with(String name, Object value) {
    return new ReductionSpec(method, options.with(name, value));
  }
}
