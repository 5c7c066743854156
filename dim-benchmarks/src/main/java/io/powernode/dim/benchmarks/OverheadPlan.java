package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.p50;
import static io.powernode.dim.benchmarks.Quantity.perSecond;

import java.util.List;

/** What orchestrating costs beside the work, and many jobs at once. */
final class OverheadPlan {
  private static final String CHAIN = "chain of 3, caller runs";
  private static final String BARE_CHAIN = "chain of 3, caller runs, bare node";
  private static final String THREADS_CHAIN = "chain of 3, threads";
  private static final String SEQUENCE = "LangChain4j sequence of 3";
  private static final String VOTE = "vote of 3, caller runs";
  private static final String THREADS_VOTE = "vote of 3, threads";
  private static final String PARALLEL = "LangChain4j 3 in parallel and a vote";
  private static final String CROWD = "2,000 jobs awaiting 1 s tasks";

  /** Just below 512 MB, for the JVM counts in MiB. */
  private static final String CROWD_HEAP = "-Xmx488m";

  private static final String CALLERS = ", callers = cores";

  private OverheadPlan() {}

  static Plan plan() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Plan(
        List.of(
            jobs(CHAIN, "chain", "whole", "true"),
            Measure.times(SEQUENCE, PeerBenchmark.class, "sequence").at(Pace.LONG),
            jobs(BARE_CHAIN, "chain", "bare", "true"),
            jobs(THREADS_CHAIN, "chain", "whole", "false"),
            jobs(VOTE, "vote", "whole", "true"),
            Measure.times(PARALLEL, PeerBenchmark.class, "parallel").at(Pace.LONG),
            jobs(THREADS_VOTE, "vote", "whole", "false"),
            with(Measure.rate(VOTE + CALLERS, JobsBenchmark.class, "vote", cores), "whole", "true"),
            Measure.rate(PARALLEL + CALLERS, PeerBenchmark.class, "parallel", cores).at(Pace.LONG),
            Measure.runs(CROWD, CrowdBenchmark.class, "crowd")
                .with("jobs", "20", "2000")
                .with("millis", "10", "1000")
                .jvm(CROWD_HEAP)),
        List.of(
            chain(CHAIN),
            chain(BARE_CHAIN),
            chain(THREADS_CHAIN),
            vote(VOTE),
            vote(THREADS_VOTE),
            voteRate(VOTE),
            Target.atMost(
                CROWD + ", in a heap of 512 MB",
                "all of them < 3 s on 2 cores",
                p50(CROWD),
                Quantity.micros(3e6),
                Target.Unit.MILLIS)));
  }

  private static Measure jobs(String id, String method, String node, String callerRuns) {
    return with(Measure.times(id, JobsBenchmark.class, method), node, callerRuns);
  }

  private static Measure with(Measure measure, String node, String callerRuns) {
    return measure
        .with("node", node, node)
        .with("callerRuns", callerRuns, callerRuns)
        .at(Pace.LONG);
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
