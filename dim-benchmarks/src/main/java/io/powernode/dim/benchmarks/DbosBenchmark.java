package io.powernode.dim.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The same three steps with DBOS Transact, which keeps them in PostgreSQL. */
@State(Scope.Benchmark)
public class DbosBenchmark {
  private Database database;
  private HikariDataSource pool;
  private DBOS dbos;
  private Chain chain;

  /** Three steps, each on what the one before answered. */
  public interface Chain {
    /** Runs them. */
    String run(String input);
  }

  private record Steps(DBOS dbos) implements Chain {
    @Override
    @Workflow(name = "chain")
    public String run(String input) {
      String one = dbos.runStep(() -> input, "one");
      String two = dbos.runStep(() -> one, "two");
      return dbos.runStep(() -> two, "three");
    }
  }

  /** Starts it on an empty database, with a connection for each caller. */
  @Setup
  public void start(BenchmarkParams run) {
    start(run.getThreads());
  }

  void start(int callers) {
    database = Database.open(Database.POSTGRES);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setMaximumPoolSize(Math.max(10, Math.min(callers, 64)));
    pool = new HikariDataSource(config);
    dbos = new DBOS(DBOSConfig.defaults("bench").withDataSource(pool).withMigrate(true));
    chain = dbos.registerProxy(Chain.class, new Steps(dbos));
    dbos.launch();
    WarmUp.run(() -> chain.run("x"), 100);
  }

  /** Ends its threads. */
  @TearDown
  public void stop() {
    dbos.shutdown();
    pool.close();
    database.close();
  }

  /** From call to durable result. */
  @Benchmark
  public String chain() {
    return chain.run("x");
  }
}
