package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobPage;
import io.powernode.dim.jdbc.JdbcStateStore;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls to an orchestrator on a SQLite store with finished jobs. */
@State(Scope.Benchmark)
public class FullStoreBenchmark {
  private static final int PAGE = 50;

  /** How many of them. */
  @Param({"100", "1000000"})
  public int jobs = 100;

  private JdbcStateStore store;
  private ChainHost host;

  /** Opens the store, filling it if need be. */
  @Setup
  public void start() throws IOException {
    store = FullStore.open(jobs);
    host = ChainHost.on(store, "orchestrator");
    host.warmUp();
  }

  /** Ends the threads. */
  @TearDown
  public void stop() {
    host.close();
    store.close();
  }

  /** From call to acknowledgement; the jobs before it run meanwhile. */
  @Benchmark
  public JobHandle submit() {
    return host.dim().submit(host.job());
  }

  /** The newest jobs, a page of them. */
  @Benchmark
  public JobPage list() {
    return host.dim().list(JobFilter.all().limit(PAGE));
  }
}
