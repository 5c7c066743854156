package io.powernode.dim.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The least that a durable step can cost: one row, one commit. */
@State(Scope.Benchmark)
public class BareCommitBenchmark {
  /** On what. */
  @Param({Database.SQLITE, Database.POSTGRES})
  public String kind = Database.SQLITE;

  private Database database;
  private Connection connection;
  private PreparedStatement insert;
  private byte[] value;
  private long key;

  /** Opens a connection; the row is as large as what a chain of three commits at a time. */
  @Setup
  public void start() throws IOException, SQLException {
    JobRows rows = JobRows.ofChain(kind);
    value = new byte[(int) (rows.bytes() / rows.commits().size())];
    database = Database.open(kind);
    connection = database.connection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE bare (id bigint PRIMARY KEY, value " + database.bytesType() + ")");
    }
    connection.commit();
    insert = connection.prepareStatement("INSERT INTO bare (id, value) VALUES (?, ?)");
  }

  /** Closes the connection and deletes the files. */
  @TearDown
  public void stop() throws SQLException {
    connection.close();
    database.close();
  }

  /** One row, one commit. */
  @Benchmark
  public long commit() throws SQLException {
    insert.setLong(1, ++key);
    insert.setBytes(2, value);
    insert.executeUpdate();
    connection.commit();
    return key;
  }
}
