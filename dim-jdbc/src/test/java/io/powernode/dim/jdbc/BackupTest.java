package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.FileBlobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Copies of a SQLite store made in each way that docs/durability.md names, and going on in them.
 */
class BackupTest {
  private static final LongConsumer QUIET = entries -> {};

  @TempDir Path folder;

  /** A store some of whose values lie in a folder beside it. */
  private JdbcStateStore open(String name) {
    try {
      return JdbcStateStore.sqlite(folder.resolve(name))
          .blobs(FileBlobStore.open(blobs(name)))
          .largeValueBytes(1000)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path blobs(String name) {
    return folder.resolve(name + "-blobs");
  }

  /** Makes a copy while the store is written, the blobs after the database, and goes on in it. */
  private void assertGoesOnIn(Runnable copying) {
    try (JdbcStateStore store = open("store.db");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      int durable = Copies.duringCommits(store, copying);
      Copies.copy(blobs("store.db"), blobs("copy.db"));
      try (JdbcStateStore copy = open("copy.db")) {
        assertThat(copy.check(QUIET).problems()).isEmpty();
        assertThat(copy.check(QUIET).large()).isPositive();
        Copies.assertHasFirst(durable, copy);
        jobs.assertGoOnIn(copy);
      }
    }
  }

  @Test
  void vacuumInto_ofAStoreInUse_isAWholeStore() {
    assertGoesOnIn(() -> sql("store.db", "VACUUM INTO '" + folder.resolve("copy.db") + "'"));
  }

  @Test
  void backup_ofAStoreInUse_isAWholeStore() {
    assumeTrue(Sqlite3.isThere(), "this machine has no sqlite3 program");
    assertGoesOnIn(() -> Sqlite3.run(folder, Redirect.DISCARD, "store.db", ".backup copy.db"));
  }

  @Test
  void fileAndLog_asAKilledProcessLeavesThem_areAWholeStore() throws Exception {
    try (JdbcStateStore store = open("store.db");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      int durable = Copies.duringCommits(store, () -> {});
      for (String end : List.of("", "-wal")) {
        Files.copy(folder.resolve("store.db" + end), folder.resolve("copy.db" + end));
      }
      Copies.copy(blobs("store.db"), blobs("copy.db"));
      try (JdbcStateStore copy = open("copy.db")) {
        assertThat(copy.check(QUIET).problems()).isEmpty();
        Copies.assertHasFirst(durable, copy);
        jobs.assertGoOnIn(copy);
      }
    }
  }

  @Test
  void archive_ofAStoreInUse_isAWholeStore() throws Exception {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (JdbcStateStore store = open("store.db");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      int durable = Copies.duringCommits(store, () -> export(store, archive));
      try (JdbcStateStore copy = open("copy.db")) {
        copy.importFrom(new ByteArrayInputStream(archive.toByteArray()), QUIET);
      }
      try (JdbcStateStore copy = open("copy.db")) {
        assertThat(copy.check(QUIET).problems()).isEmpty();
        assertThat(copy.check(QUIET).large()).isPositive();
        Copies.assertHasFirst(durable, copy);
        jobs.assertGoOnIn(copy);
      }
    }
  }

  private static void export(JdbcStateStore store, ByteArrayOutputStream archive) {
    try {
      store.exportTo(archive, QUIET);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void recover_ofADamagedFile_keepsWhatCanBeReadAndImportMakesItSound() throws Exception {
    assumeTrue(Sqlite3.canRecover(), "this machine's sqlite3 program has no .recover");
    try (JdbcStateStore store = open("store.db")) {
      Copies.duringCommits(store, () -> {});
    }
    damage();
    assertThatThrownBy(() -> open("store.db"))
        .isInstanceOf(DimException.class)
        .hasMessageContaining(".recover");
    Path script = folder.resolve("recovered.sql");
    Sqlite3.run(folder, Redirect.to(script.toFile()), "store.db", ".recover");
    Sqlite3.run(folder, Redirect.DISCARD, "recovered.db", ".read recovered.sql");

    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    long recovered;
    try (JdbcStateStore store = open("recovered.db")) {
      assertThat(store.check(QUIET).problems()).isNotEmpty();
      recovered = store.exportTo(archive, QUIET);
    }
    assertThat(recovered).isBetween(500L, 1_499L);
    try (JdbcStateStore copy = open("copy.db")) {
      copy.importFrom(new ByteArrayInputStream(archive.toByteArray()), QUIET);
      assertThat(copy.check(QUIET).problems()).isEmpty();
      assertThat(copy.check(QUIET).entries()).isEqualTo(recovered);
    }
  }

  /** Overwrites the head of every tenth page. */
  private void damage() throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(folder.resolve("store.db").toFile(), "rw")) {
      for (long page = 50; page < raw.length() / 4096; page += 10) {
        raw.seek(page * 4096);
        raw.write(new byte[64]);
      }
    }
  }

  private void sql(String name, String sql) {
    try (Connection on = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(name));
        Statement statement = on.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
