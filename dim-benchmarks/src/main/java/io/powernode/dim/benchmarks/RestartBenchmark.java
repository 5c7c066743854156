package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobState;
import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.spi.StateStore;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The first orchestrator on a store after its only one died with many jobs running. */
@State(Scope.Benchmark)
public class RestartBenchmark {
  private static final long LOOK_NANOS = 10_000_000;

  /** How many finished jobs there are besides. */
  @Param({"100", "1000000"})
  public int jobs = 100;

  /** How many were running. */
  @Param("10000")
  public int running = 10_000;

  private List<AutoCloseable> open = List.of();
  private ChainHost host;

  /** Adds the running jobs. */
  @Setup
  public void die() throws IOException {
    try (JdbcStateStore store = FullStore.open(jobs)) {
      FullStore.addRunning(store, running);
      if (!isLeft(store)) {
        throw new IllegalStateException("no job was left by the owner that died");
      }
    }
  }

  /** Lets the jobs end, so that the next orchestrator does not find them. */
  @TearDown
  public void stop() throws Exception {
    while (has(JobState.PENDING) || has(JobState.RUNNING)) {
      host.run();
    }
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  private boolean has(JobState state) {
    return !host.dim().list(JobFilter.all().state(state).limit(1)).jobs().isEmpty();
  }

  /** From opening the file until every job has an owner again and one more is accepted. */
  @Benchmark
  public JobHandle ready() throws IOException {
    JdbcStateStore store = FullStore.open(jobs);
    host = ChainHost.on(store, "orchestrator");
    open = List.of(host, store);
    JobHandle accepted = host.dim().submit(host.job());
    while (isLeft(store)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return accepted;
  }

  /** Whether a job still has an owner whose session ended. */
  private static boolean isLeft(StateStore store) {
    return store.sessions().stream()
        .filter(session -> !session.isLive())
        .map(session -> String.format(Locale.ROOT, "%019d/", session.epoch()))
        .anyMatch(owner -> isAny(store.scan("jobs.owner", owner, Optional.empty(), 1)));
  }

  private static boolean isAny(StateStore.Page page) {
    return !page.entries().isEmpty();
  }
}
