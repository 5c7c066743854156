package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.counted;
import static io.powernode.dim.benchmarks.Quantity.p50;

import java.util.List;

/** A model over all rows of a file. */
final class RowsPlan {
  private static final String JOB = "collaborative job over 1 M rows x 30 from CSV";
  private static final String ALONE = "parse and ONNX Runtime alone";
  private static final String HEAP = "heap in use after collections, the same job";
  private static final String HALF_HEAP = HEAP + " over half the rows";
  private static final String CAP = "-Xmx96m";

  /** In bytes; whatever keeps 8 bytes a row needs twice that for half a million rows. */
  private static final double NOISE = 2e6;

  private RowsPlan() {}

  static Plan plan() {
    return new Plan(
        List.of(
            runs(JOB, "job"),
            runs(ALONE, "alone"),
            heap(HEAP, "2000", "1000000"),
            heap(HALF_HEAP, "1000", "500000")),
        List.of(
            Target.atMost(
                JOB + ", in a heap of 96 MiB",
                ">= 60 % of the throughput of parse and raw inference alone",
                p50(JOB),
                p50(ALONE).times(1 / 0.6),
                Target.Unit.MILLIS),
            Target.atMost(
                HEAP,
                "constant: no more than 2 MB above that over half the rows",
                counted(HEAP),
                counted(HALF_HEAP).plus(round -> NOISE),
                Target.Unit.MEGABYTES)));
  }

  private static Measure runs(String id, String method) {
    return Measure.runs(id, RowsBenchmark.class, method).with("rows", "2000", "1000000").jvm(CAP);
  }

  private static Measure heap(String id, String small, String real) {
    return Measure.rate(id, RowsBenchmark.class, "heap", 1)
        .with("rows", small, real)
        .at(Pace.COLD)
        .jvm(CAP, "-XX:+UseSerialGC");
  }
}
