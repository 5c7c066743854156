package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.StateStore.Session;
import io.powernode.dim.spi.StoredValue;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes that stand still in the middle of a transaction that others wait for. The store's user
 * has no rights but to its tables.
 */
class PostgresBlockersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MORE_THAN_THE_DRIVER_KEEPS = 100_000;

  private final String server = Databases.postgres().freshSchema();
  private final String role = "dim_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
  private final String url = asRole(server);
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private JdbcStateStore store;
  private Session dead;
  private int transactions;

  @BeforeEach
  void open() throws SQLException {
    assumeTrue(
        text(server, "SELECT usesuper FROM pg_user WHERE usename = session_user").equals("t"),
        "needs a superuser to make another user");
    run(server, "CREATE ROLE " + role + " LOGIN PASSWORD '" + role + "'");
    run(
        server,
        "DO $$ BEGIN EXECUTE 'GRANT ALL ON SCHEMA ' || current_schema() || ' TO "
            + role
            + "'; END $$");
    store = JdbcStateStore.postgres(url, role, role).build();
    dead = store.open("dead", Duration.ofHours(1));
    dead.close();
    assertThat(takeOver()).isEqualTo(new Committed(1));
  }

  private String asRole(String of) {
    String nobodys = of.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "");
    return nobodys + "&user=" + role + "&password=" + role;
  }

  @AfterEach
  void close() throws SQLException {
    over.complete(null);
    store.close();
    run(server, "DROP OWNED BY " + role);
    run(server, "DROP ROLE " + role);
  }

  private static void run(String on, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(on);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(String on, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(on)) {
      return text(connection, sql);
    }
  }

  private static String text(Connection on, String sql) throws SQLException {
    try (Statement statement = on.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      return found.next() ? found.getString(1) : "";
    }
  }

  private CommitResult takeOver() {
    Write write = Write.Put.of("job", StoredValue.of(new byte[] {1}));
    Guard guard = new Guard.EndedSession(dead.epoch());
    Commit commit = new Commit("living", "tx" + ++transactions, List.of(guard), List.of(write));
    return store.commit(commit).toCompletableFuture().join();
  }

  private void awaitTakeOver() {
    await().atMost(PATIENCE).until(() -> takeOver() instanceof Committed);
  }

  /** Which no limit of the server's ends. */
  private Connection unlimited() throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0;"
              + PostgresDialect.transactionTimeout("0", false));
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /** Where a process stands still. */
  private enum Standstill {
    IDLE_IN_TRANSACTION {
      @Override
      void goOn(Connection on, String lock, CompletableFuture<Void> over) throws SQLException {
        text(on, lock);
        over.join();
        text(on, "SELECT 1");
      }
    },
    /** In the middle of a message, whose first part the server has dealt with. */
    ACTIVE {
      @Override
      void goOn(Connection on, String lock, CompletableFuture<Void> over) throws SQLException {
        InputStream begun = new ByteArrayInputStream(new byte[MORE_THAN_THE_DRIVER_KEEPS]);
        InputStream rest = new SlowByte(over);
        try (PreparedStatement message = on.prepareStatement(lock + "; SELECT length(?)")) {
          message.setBinaryStream(
              1, new SequenceInputStream(begun, rest), MORE_THAN_THE_DRIVER_KEEPS + 1);
          message.execute();
        }
      }
    };

    String state() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Locks rows, and goes on when it is over. */
    abstract void goOn(Connection on, String lock, CompletableFuture<Void> over)
        throws SQLException;
  }

  /** One byte that somebody waits for. */
  private static final class SlowByte extends InputStream {
    private final CompletableFuture<Void> over;
    private boolean isRead;

    SlowByte(CompletableFuture<Void> over) {
      this.over = over;
    }

    @Override
    public int read() {
      over.join();
      isRead = !isRead;
      return isRead ? 0 : -1;
    }
  }

  /** Completes when the process that stood still is told how that ended. */
  private CompletableFuture<Void> standStill(Standstill where, String table) throws SQLException {
    Connection stopped = unlimited();
    String pid = text(stopped, "SELECT pg_backend_pid()");
    CompletableFuture<Void> told =
        CompletableFuture.runAsync(
            () -> {
              try (stopped) {
                where.goOn(stopped, "SELECT 1 FROM " + table + " FOR UPDATE", over);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> new Thread(task).start());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                text(
                        url,
                        "SELECT state FROM pg_stat_activity WHERE wait_event = 'ClientRead'"
                            + " AND backend_xid IS NOT NULL AND pid = "
                            + pid)
                    .equals(where.state()));
    return told;
  }

  @ParameterizedTest
  @EnumSource
  void process_thatStandsStillInTheWay_isEnded(Standstill where) throws Exception {
    CompletableFuture<Void> told = standStill(where, "dim_sessions");
    awaitTakeOver();
    over.complete(null);
    assertThat(told).failsWithin(PATIENCE).withThrowableThat().havingRootCause();
  }

  @ParameterizedTest
  @EnumSource
  void process_thatStandsStillInNobodysWay_isLeftAlone(Standstill where) throws Exception {
    CompletableFuture<Void> harmless = standStill(where, "dim_epochs");
    standStill(Standstill.ACTIVE, "dim_sessions");
    awaitTakeOver();
    over.complete(null);
    assertThat(harmless).succeedsWithin(PATIENCE);
  }

  @Test
  void export_thatTakesLong_isLeftAlone() throws Exception {
    long exported =
        store.exportTo(
            OutputStream.nullOutputStream(),
            entries -> {
              assertThatNoException()
                  .isThrownBy(() -> standStill(Standstill.ACTIVE, "dim_sessions"));
              awaitTakeOver();
            });
    assertThat(exported).isEqualTo(1);
  }

  @Test
  void database_thatLetsNobodyEndOthers_isNotAskedAgain() throws Exception {
    String another = Databases.postgres().freshDatabase();
    run(another, "REVOKE EXECUTE ON FUNCTION pg_terminate_backend(integer, bigint) FROM PUBLIC");
    run(another, "CREATE SCHEMA AUTHORIZATION " + role);
    try (SteppedEnvironment environment = new SteppedEnvironment();
        Backend backend =
            PostgresConnector.of(asRole(another), role, role).connect(environment, 1)) {
      PostgresBlockers blockers = new PostgresBlockers();
      Database database = backend.database();
      blockers.end(database);
      assertThat(blockers.arePossible()).as("nothing was to be written").isTrue();
      database.betweenWrites(() -> blockers.end(database));
      assertThat(blockers.arePossible()).isFalse();
    } finally {
      run(another, "DROP OWNED BY " + role);
    }
  }
}
