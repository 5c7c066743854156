package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.p50;

import java.util.List;

/** A model over all rows of a file. */
final class RowsPlan {
  private static final String JOB = "collaborative job over 1 M rows x 30 from CSV";
  private static final String ALONE = "parse and ONNX Runtime alone";
  private static final String HALF = "the same job over half the rows";
  private static final String HEAP = "-Xmx96m";

  private RowsPlan() {}

  static Plan plan() {
    return new Plan(
        List.of(
            runs(JOB, "job", "1000000"),
            runs(ALONE, "alone", "1000000"),
            runs(HALF, "job", "500000")),
        List.of(
            Target.atMost(
                JOB,
                ">= 60 % of the throughput of parse and raw inference alone",
                p50(JOB),
                p50(ALONE).times(1 / 0.6),
                Target.Unit.MILLIS),
            Target.atMost(
                JOB + ", in a constant heap of 96 MB",
                "twice the rows take no more than 2.2 times as long in the same heap",
                p50(JOB),
                p50(HALF).times(2.2),
                Target.Unit.MILLIS)));
  }

  private static Measure runs(String id, String method, String rows) {
    return Measure.runs(id, RowsBenchmark.class, method).with("rows", "2000", rows).jvm(HEAP);
  }
}
