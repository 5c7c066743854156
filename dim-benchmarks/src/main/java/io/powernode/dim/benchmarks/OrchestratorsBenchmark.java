package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.jdbc.JdbcStateStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/** Several orchestrators on one PostgreSQL, each with callers of its own. */
@State(Scope.Benchmark)
public class OrchestratorsBenchmark {
  /** How many. */
  @Param({"1", "2", "3"})
  public int orchestrators = 1;

  private final AtomicLong trips = new AtomicLong();
  private final List<JdbcStateStore> stores = new ArrayList<>();
  private final List<ChainHost> hosts = new ArrayList<>();
  private Database database;

  /** What is sent to the server, the stores' own upkeep included. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Counts {
    /** Messages that are waited for. */
    public long trips;
  }

  /** Starts them on an empty database. */
  @Setup
  public void start() throws IOException {
    database = Database.open(Database.POSTGRES);
    CountedConnections connections = new CountedConnections(database.url(), trips);
    for (int i = 0; i < orchestrators; i++) {
      JdbcStateStore store = JdbcStateStore.postgres(connections.source()).build();
      stores.add(store);
      hosts.add(ChainHost.on(store, "orchestrator-" + i));
    }
    hosts.forEach(ChainHost::warmUp);
  }

  /** Ends the threads. */
  @TearDown
  public void stop() {
    hosts.forEach(ChainHost::close);
    stores.forEach(JdbcStateStore::close);
    database.close();
  }

  /** Submit to one of them, and wait for the result. */
  @Benchmark
  public JobResult chain(ThreadParams caller, Counts counts) {
    JobResult result = hosts.get(caller.getThreadIndex() % orchestrators).run();
    counts.trips += trips.getAndSet(0);
    return result;
  }
}
