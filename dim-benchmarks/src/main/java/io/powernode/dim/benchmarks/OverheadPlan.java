package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.p50;
import static io.powernode.dim.benchmarks.Quantity.perSecond;

import java.util.List;

/** What orchestrating costs beside the work, and many jobs at once. */
final class OverheadPlan {
  private static final String CHAIN = "chain of 3, whole node";
  private static final String BARE_CHAIN = "chain of 3, bare node";
  private static final String SEQUENCE = "LangChain4j sequence of 3";
  private static final String VOTE = "vote of 3, whole node";
  private static final String BARE_VOTE = "vote of 3, bare node";
  private static final String PARALLEL = "LangChain4j 3 in parallel and a vote";
  private static final String CROWD = "2,000 jobs awaiting 1 s tasks";
  private static final String CALLERS = ", callers = cores";

  private OverheadPlan() {}

  static Plan plan() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Plan(
        List.of(
            Measure.times(CHAIN, JobsBenchmark.class, "chain").with("node", "power", "power"),
            Measure.times(SEQUENCE, PeerBenchmark.class, "sequence"),
            Measure.times(BARE_CHAIN, JobsBenchmark.class, "chain").with("node", "bare", "bare"),
            Measure.times(VOTE, JobsBenchmark.class, "vote").with("node", "power", "power"),
            Measure.times(PARALLEL, PeerBenchmark.class, "parallel"),
            Measure.times(BARE_VOTE, JobsBenchmark.class, "vote").with("node", "bare", "bare"),
            Measure.rate(VOTE + CALLERS, JobsBenchmark.class, "vote", cores)
                .with("node", "power", "power"),
            Measure.rate(PARALLEL + CALLERS, PeerBenchmark.class, "parallel", cores),
            Measure.rate(BARE_VOTE + CALLERS, JobsBenchmark.class, "vote", cores)
                .with("node", "bare", "bare"),
            Measure.runs(CROWD, CrowdBenchmark.class, "crowd")
                .with("jobs", "20", "2000")
                .with("millis", "10", "1000")
                .jvm("-Xmx512m")),
        List.of(
            chain(CHAIN),
            chain(BARE_CHAIN),
            vote(VOTE),
            vote(BARE_VOTE),
            voteRate(VOTE),
            voteRate(BARE_VOTE),
            Target.atMost(
                CROWD + ", in a heap of 512 MB",
                "all of them < 3 s on 2 cores",
                p50(CROWD),
                Quantity.micros(3e6),
                Target.Unit.MILLIS)));
  }

  private static Target chain(String which) {
    return Target.atMost(
        which + ", memory store, submit to result",
        "p50 <= 3 x LangChain4j's sequence of 3",
        p50(which),
        p50(SEQUENCE).times(3),
        Target.Unit.MICROS);
  }

  private static Target vote(String which) {
    return Target.atMost(
        which + ", memory store, submit to result",
        "p50 <= LangChain4j's 3 in parallel and a vote",
        p50(which),
        p50(PARALLEL),
        Target.Unit.MICROS);
  }

  private static Target voteRate(String which) {
    return Target.atLeast(
        which + CALLERS,
        "throughput >= LangChain4j's 3 in parallel and a vote",
        perSecond(which + CALLERS),
        perSecond(PARALLEL + CALLERS),
        Target.Unit.PER_SECOND);
  }
}
