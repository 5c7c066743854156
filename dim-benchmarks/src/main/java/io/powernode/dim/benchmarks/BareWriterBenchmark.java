package io.powernode.dim.benchmarks;

import io.powernode.dim.benchmarks.JobRows.Part;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The rows of a job without the job, into SQLite: what a chain of three writes when it is submitted
 * is durable before the rest is handed in, and the rest before the next job, as there.
 */
@State(Scope.Benchmark)
public class BareWriterBenchmark {
  private final AtomicLong jobs = new AtomicLong();
  private JobRows rows;
  private List<Part> submit;
  private List<Part> rest;
  private Database database;
  private BareWriter writer;

  /** Watches a job, and opens a file for copies of its rows. */
  @Setup
  public void start() throws IOException, SQLException {
    rows = JobRows.ofChain(Database.SQLITE);
    submit = rows.commits().subList(0, 1);
    rest = rows.commits().subList(1, rows.commits().size());
    database = Database.open(Database.SQLITE);
    writer = new BareWriter(database.connection());
  }

  /** Ends the writer and deletes the file. */
  @TearDown
  public void stop() throws InterruptedException, SQLException {
    writer.end();
    database.close();
  }

  /** As many rows and bytes as a job, and as many waits. */
  @Benchmark
  public String job() throws InterruptedException {
    // Spread over the table as random ids are.
    long number = jobs.incrementAndGet() * 0x9E3779B97F4A7C15L;
    String id = String.format(Locale.ROOT, "job-%024x", number);
    writer.write(rows.jobId(), id, submit);
    writer.write(rows.jobId(), id, rest);
    return id;
  }
}
