package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.micros;
import static io.powernode.dim.benchmarks.Quantity.p50;
import static io.powernode.dim.benchmarks.Quantity.perSecond;

import java.util.List;

/** What a node, and an orchestrator before it, add to ONNX Runtime. */
final class InferencePlan {
  private static final int CALLERS = 16;
  private static final String RAW = "ONNX Runtime alone";
  private static final String NODE = "node, execute to answer";
  private static final String JOB = "orchestrator, submit to result";
  private static final String CHAIN = "no-op chain of 3, caller runs";
  private static final String CALLER_RUNS = ", caller runs";
  private static final String NODE_CALLERS = "node, 16 callers";
  private static final String NODE_BATCHING = "node with micro-batching, 16 callers";

  private InferencePlan() {}

  static Plan plan() {
    return new Plan(
        List.of(
            Measure.times(RAW, RawInferenceBenchmark.class, "raw"),
            times(NODE + CALLER_RUNS, "node", "true"),
            times(NODE, "node", "false"),
            times(JOB + CALLER_RUNS, "job", "true"),
            times(JOB, "job", "false"),
            Measure.times(CHAIN, JobsBenchmark.class, "chain")
                .with("node", "whole", "whole")
                .with("callerRuns", "true", "true")
                .at(Pace.LONG),
            Measure.rate(NODE_CALLERS, InferenceBenchmark.class, "node", CALLERS),
            Measure.rate(NODE_BATCHING, InferenceBenchmark.class, "node", CALLERS)
                .with("batching", "on", "on")),
        List.of(
            node(NODE + CALLER_RUNS),
            node(NODE),
            job(JOB + CALLER_RUNS),
            job(JOB),
            Target.atLeast(
                "micro-batching, 16 callers",
                "throughput >= 3 x without",
                perSecond(NODE_BATCHING),
                perSecond(NODE_CALLERS).times(3),
                Target.Unit.PER_SECOND)));
  }

  private static Measure times(String id, String method, String callerRuns) {
    return Measure.times(id, InferenceBenchmark.class, method)
        .with("callerRuns", callerRuns, callerRuns)
        .at(Pace.LONG);
  }

  private static Target node(String id) {
    return Target.atMost(
        "MLP 784-256-128-10, batch 1: " + id,
        "p50 <= 1.3 x ONNX Runtime alone + 20 µs",
        p50(id),
        p50(RAW).times(1.3).plus(micros(20)),
        Target.Unit.MICROS);
  }

  private static Target job(String id) {
    return Target.atMost(
        "MLP 784-256-128-10, batch 1: " + id,
        "p50 <= 1.3 x ONNX Runtime alone + 20 µs + a third of the no-op chain of 3",
        p50(id),
        p50(RAW).times(1.3).plus(micros(20)).plus(p50(CHAIN).times(1.0 / 3)),
        Target.Unit.MICROS);
  }
}
