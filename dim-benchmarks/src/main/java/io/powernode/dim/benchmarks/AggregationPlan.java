package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.p50;

import java.util.List;

/** Making one answer of 100 nodes' numbers, a million FP32 each: 400 MB. */
final class AggregationPlan {
  private static final String COPY = "plain copy";
  private static final String SORT = "sorting the columns in a plain loop";
  private static final String DISTANCES = "4,950 squared distances in a plain loop";

  /** 864 MB, which are 824 MiB: twice the input, and 64 MB for the JVM and the measuring. */
  private static final String HEAP = "-Xmx824m";

  private AggregationPlan() {}

  static Plan plan() {
    return new Plan(
        List.of(
            floor(COPY, "copy"),
            ours("average"),
            floor(SORT, "sortColumns"),
            ours("median"),
            ours("trimmedMean"),
            floor(DISTANCES, "distances"),
            ours("krum")),
        List.of(
            target("average", "memory bandwidth >= 50 % of a plain copy's", COPY, 2),
            target("median", "<= 3 x sorting the columns in a plain loop", SORT, 3),
            target("trimmedMean", "<= 3 x sorting the columns in a plain loop", SORT, 3),
            target("krum", "<= 1.5 x the squared distances in a plain loop", DISTANCES, 1.5)));
  }

  private static Measure floor(String id, String method) {
    return Measure.runs(id, PlainLoops.class, method).with("numbers", "1000", "1000000").jvm(HEAP);
  }

  private static Measure ours(String method) {
    return Measure.runs(method, AggregationBenchmark.class, method)
        .with("numbers", "1000", "1000000")
        .jvm(HEAP);
  }

  private static Target target(String id, String promise, String floor, double factor) {
    return Target.atMost(
        id + " of 100 nodes x 1 M floats, in a heap of twice the input and 64 MB",
        promise,
        p50(id),
        p50(floor).times(factor),
        Target.Unit.MILLIS);
  }
}
