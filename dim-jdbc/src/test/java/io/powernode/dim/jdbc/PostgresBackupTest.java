package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.FileBlobStore;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.spi.StateStore.Outcome;
import io.powernode.dim.spi.StoredValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Copies of a PostgreSQL store made in each way that docs/durability.md names, standbys included,
 * and going on in them. The servers are of the kind that the machine has installed.
 */
@Tag("slow")
class PostgresBackupTest {
  private static final LongConsumer QUIET = entries -> {};

  @TempDir Path folder;
  private PostgresProcess server;

  @BeforeEach
  void start() {
    server = Databases.installedPostgres();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.delete();
    }
  }

  private JdbcStateStore open(String url, String blobs) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(url);
    try {
      return JdbcStateStore.postgres(connections)
          .blobs(FileBlobStore.open(folder.resolve(blobs)))
          .largeValueBytes(1000)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void dump_ofAStoreInUse_isAWholeStore() {
    try (JdbcStateStore store = open(server.url("postgres"), "blobs");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      int durable =
          Copies.duringCommits(
              store,
              () -> server.run("pg_dump", "--format=custom", "--file=dim.dump", "--table=dim_*"));
      Copies.copy(folder.resolve("blobs"), folder.resolve("copied"));
      server.run("createdb", "copy");
      server.run("pg_restore", "--dbname=copy", "--exit-on-error", "dim.dump");
      assertGoesOnIn(server.url("copy"), durable, jobs);
    }
  }

  private void assertGoesOnIn(String url, int durable, HalfDoneJobs jobs) {
    try (JdbcStateStore copy = open(url, "copied")) {
      assertThat(copy.check(QUIET).problems()).isEmpty();
      assertThat(copy.check(QUIET).large()).isPositive();
      Copies.assertHasFirst(durable, copy);
      jobs.assertGoOnIn(copy);
    }
  }

  @Test
  void baseBackup_ofAStoreInUse_isAWholeStore() {
    try (JdbcStateStore store = open(server.url("postgres"), "blobs");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      PostgresProcess[] copy = new PostgresProcess[1];
      int durable = Copies.duringCommits(store, () -> copy[0] = server.baseBackup("copy"));
      Copies.copy(folder.resolve("blobs"), folder.resolve("copied"));
      copy[0].start();
      try {
        assertGoesOnIn(copy[0].url("postgres"), durable, jobs);
      } finally {
        copy[0].kill();
      }
    }
  }

  @Test
  void standby_synchronousAndPromoted_hasEverythingThatWasAcknowledged() {
    PostgresProcess standby = standby();
    try (JdbcStateStore store = open(server.url("postgres"), "blobs");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      assertThat(store.durability()).isEqualTo(Durability.REPLICATED);
      Copies.duringCommits(store, () -> {});
      server.kill();
      assertThatThrownBy(() -> open(standby.url("postgres"), "blobs"))
          .isInstanceOf(DimException.class)
          .hasMessageContaining("the database is a standby");
      standby.promote();
      Copies.copy(folder.resolve("blobs"), folder.resolve("copied"));
      assertGoesOnIn(standby.url("postgres"), Copies.COMMITS, jobs);
      // Only so that the old orchestrator need not wait for its store when it is closed.
      server.start();
      execute(server, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
    } finally {
      standby.kill();
    }
  }

  @Test
  void lookup_ofACommitThatNoStandbyHas_waitsForOne() {
    PostgresProcess standby = standby();
    try (JdbcStateStore store = open(server.url("postgres"), "blobs")) {
      assertThat(put(store, "first").join()).isInstanceOf(CommitResult.Committed.class);
      standby.stop();
      CompletableFuture<CommitResult> lost = put(store, "second");
      Awaitility.await()
          .until(
              () ->
                  number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                      == 1);
      server.kill();
      server.start();
      assertThat(lost.join()).isEqualTo(new CommitResult.Unknown("tx-second"));
      assertThat(store.get("second")).as("it is in the primary's log").isPresent();
      assertThatThrownBy(() -> store.lookup("tx-second")).isInstanceOf(DimException.class);
      standby.start();
      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(store.lookup("tx-second")).isEqualTo(Outcome.COMMITTED));
    } finally {
      standby.kill();
    }
  }

  private static CompletableFuture<CommitResult> put(JdbcStateStore store, String key) {
    Write write = Write.Put.of(key, StoredValue.of(new byte[1]));
    return store
        .commit(new Commit("s", "tx-" + key, List.of(), List.of(write)))
        .toCompletableFuture();
  }

  /** A synchronous standby, running. */
  private PostgresProcess standby() {
    open(server.url("postgres"), "blobs").close();
    PostgresProcess standby = server.baseBackup("standby", "--write-recovery-conf");
    standby.start();
    execute(server, "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()");
    Awaitility.await()
        .until(
            () ->
                number("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1);
    return standby;
  }

  private static void execute(PostgresProcess server, String... statements) {
    try (Connection on = DriverManager.getConnection(server.url("postgres"));
        Statement statement = on.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long number(String sql) throws SQLException {
    try (Connection on = DriverManager.getConnection(server.url("postgres"));
        Statement statement = on.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
