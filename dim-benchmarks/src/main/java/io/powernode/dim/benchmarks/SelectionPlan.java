package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.micros;
import static io.powernode.dim.benchmarks.Quantity.p99;

import java.util.ArrayList;
import java.util.List;

/** Choosing nodes among few and many. */
final class SelectionPlan {
  private static final List<String> WANTED = List.of("one", "hundred", "none");

  private SelectionPlan() {}

  static Plan plan() {
    List<Measure> measures = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    add("100", "0.1 ms", 1e2, measures, targets);
    add("10000", "1 ms", 1e3, measures, targets);
    add("100000", "10 ms", 1e4, measures, targets);
    return new Plan(measures, targets);
  }

  private static void add(
      String nodes, String words, double mostMicros, List<Measure> measures, List<Target> targets) {
    for (String wanted : WANTED) {
      String id = wanted + " of " + nodes + " nodes";
      measures.add(
          Measure.times(id, SelectionBenchmark.class, "select")
              .with("wanted", wanted, wanted)
              .with("nodes", "100", nodes));
      targets.add(
          Target.atMost(id, "p99 < " + words, p99(id), micros(mostMicros), Target.Unit.MICROS));
    }
  }
}
