package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.jdbc.JdbcStateStore;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Jobs of three steps that do nothing, from submit to durable result. */
@State(Scope.Benchmark)
public class DurableBenchmark {
  /** Where they are kept. */
  @Param({Database.SQLITE, Database.POSTGRES})
  public String kind = Database.SQLITE;

  private Database database;
  private JdbcStateStore store;
  private ChainHost host;

  /** Starts an orchestrator on an empty store. */
  @Setup
  public void start() throws IOException {
    database = Database.open(kind);
    store = database.store();
    host = ChainHost.on(store, "orchestrator");
    host.warmUp();
  }

  /** Ends the threads and deletes the files. */
  @TearDown
  public void stop() {
    host.close();
    store.close();
    database.close();
  }

  /** Submit, and wait for the result. */
  @Benchmark
  public JobResult chain() {
    return host.run();
  }
}
