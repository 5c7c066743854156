package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.Connector.Backend;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections for reading. */
class PostgresReadersTest {
  private final String url = Databases.postgres().freshSchema();
  private Backend backend;
  private Database database;

  @BeforeEach
  void open() {
    backend = PostgresConnector.of(url, "postgres", "").connect(new SteppedEnvironment(), 1);
    database = backend.database();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void readers_howeverMany_leaveAConnectionToTheWriter() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread reader =
          new Thread(
              () ->
                  database.read(
                      on -> {
                        await().atMost(Duration.ofMinutes(1)).until(() -> done.getCount() == 0);
                        return null;
                      }));
      reader.start();
      readers.add(reader);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> readers.stream().allMatch(each -> each.getState() == Thread.State.TIMED_WAITING));
    assertThat(database.<Integer>write(on -> on.update("UPDATE dim_epochs SET last = last + 1")))
        .isEqualTo(1);
    done.countDown();
    for (Thread reader : readers) {
      reader.join();
    }
  }

  @Test
  void connection_thatWasLostSinceItWasUsed_isReplacedBeforeTheReadFails() throws Exception {
    int backendId = database.read(PostgresReadersTest::processId);
    terminate(backendId);
    assertThat(database.<Integer>read(PostgresReadersTest::processId)).isNotEqualTo(backendId);
  }

  private static int processId(Connection on) throws SQLException {
    try (Statement statement = on.createStatement();
        ResultSet found = statement.executeQuery("SELECT pg_backend_pid()")) {
      found.next();
      return found.getInt(1);
    }
  }

  private void terminate(int process) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_terminate_backend(" + process + ", 20000)");
    }
  }

  @Test
  void snapshot_howeverLong_endsByNoLimit() {
    assertThat(database.<Integer>read(Connection::getNetworkTimeout)).isEqualTo(15_000);
    assertThat(database.<Integer>snapshot(Connection::getNetworkTimeout)).isZero();
    assertThat(database.<String>snapshot(on -> setting(on, "statement_timeout"))).isEqualTo("0");
    assertThat(database.<Integer>read(Connection::getNetworkTimeout)).isEqualTo(15_000);
    assertThat(database.<String>read(on -> setting(on, "statement_timeout"))).isEqualTo("10s");
  }

  private static String setting(Connection on, String name) throws SQLException {
    try (Statement statement = on.createStatement();
        ResultSet found = statement.executeQuery("SHOW " + name)) {
      found.next();
      return found.getString(1);
    }
  }

  @Test
  void rows_ofALargeStore_areFetchedAFewAtATime() {
    database.write(
        on ->
            on.update(
                "INSERT INTO dim_entries SELECT 'k' || n, 1, '', NULL, ''"
                    + " FROM generate_series(1, 100) n"));
    List<Long> open = new ArrayList<>();
    database.snapshot(
        on -> {
          StoredRow.forEach(on, row -> open.add(cursors(on)));
          return null;
        });
    assertThat(open).hasSize(100);
    assertThat(open.get(0)).as("the server has the rest").isEqualTo(1);
  }

  private static long cursors(Connection on) throws SQLException {
    try (Statement statement = on.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT count(*) FROM pg_cursors WHERE statement LIKE 'SELECT key%'")) {
      found.next();
      return found.getLong(1);
    }
  }
}
