package io.powernode.dim.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SqliteOpeningTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("new/store.db");
  }

  private StateStore open() {
    return JdbcStateStore.sqlite(file).build();
  }

  private static void put(StateStore store, String key, byte[] value) {
    Write write = new Write.Put(key, StoredValue.of(value), Map.of("i", key));
    store
        .commit(new Commit("s", "tx-" + key, List.of(), List.of(write)))
        .toCompletableFuture()
        .join();
  }

  private void sql(String... statements) throws Exception {
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(e.retryable()).isFalse();
            })
        .hasMessageContaining(message)
        .hasMessageNotContaining(folder.toString());
  }

  @Test
  void store_inANewFolder_isCreated() {
    try (StateStore store = open()) {
      put(store, "k", new byte[1]);
      assertThat(store.get("k")).isPresent();
    }
  }

  @Test
  void file_thatIsEmpty_becomesAStore() throws Exception {
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    open().close();
    assertThat(Files.size(file)).isPositive();
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void files_ofAStore_areForItsUserOnly() throws Exception {
    try (StateStore store = open()) {
      put(store, "k", new byte[1]);
      try (var files = Files.list(file.getParent())) {
        assertThat(files.toList())
            .hasSizeGreaterThanOrEqualTo(3)
            .allSatisfy(
                each ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void file_afterClose_isAlone() throws Exception {
    try (StateStore store = open()) {
      put(store, "k", new byte[1]);
    }
    try (var files = Files.list(file.getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .as("nothing is left in the write-ahead log")
          .containsExactlyInAnyOrder("store.db", "store.db.lock");
    }
  }

  @Test
  void store_thatIsOpenAlready_isRefusedNamingTheProcess() {
    try (StateStore first = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid() + " on ");
      put(first, "k", new byte[1]);
    }
    open().close();
  }

  /** What a COMMIT that failed may have left in the log must not come back. */
  @Test
  void lookup_always_writesToTheLog() throws Exception {
    try (StateStore store = open()) {
      put(store, "k", new byte[1]);
      Path log = file.resolveSibling("store.db-wal");
      byte[] before = Files.readAllBytes(log);
      assertThat(store.lookup("never")).isEqualTo(StateStore.Outcome.ABSENT);
      assertThat(Files.readAllBytes(log)).isNotEqualTo(before);
    }
  }

  @Test
  void store_underAnotherName_isTheSame() throws Exception {
    Path alias = folder.resolve("alias.db");
    try (StateStore first = open()) {
      Files.createSymbolicLink(alias, file);
      assertThatThrownBy(() -> JdbcStateStore.sqlite(alias).build())
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid() + " on ");
      put(first, "k", new byte[1]);
    }
    try (StateStore store = JdbcStateStore.sqlite(alias).build()) {
      assertThat(store.get("k")).isPresent();
    }
    try (var files = Files.list(folder)) {
      assertThat(files).as("all lies beside the file itself").hasSize(2);
    }
  }

  @Test
  void lock_afterARefusedFile_isFree() throws Exception {
    Files.createDirectories(file);
    assertRefused("cannot be created or read");
    Files.delete(file);
    open().close();
  }

  @Test
  void file_ofAnotherKind_isRefusedAndLeftAlone() throws Exception {
    Files.createDirectories(file.getParent());
    for (String content : List.of("a letter to somebody", "SQLite format 2\0 and so on")) {
      Files.writeString(file, content);
      assertRefused("the file is no DIM store");
      assertThat(Files.readString(file)).isEqualTo(content);
    }
  }

  @Test
  void database_ofAnotherProgram_isRefusedAndLeftAlone() throws Exception {
    sql("CREATE TABLE notes (text)");
    byte[] before = Files.readAllBytes(file);
    assertRefused("the file is no DIM store");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void database_withAnotherApplicationId_isRefused() throws Exception {
    sql("PRAGMA application_id = 12345", "CREATE TABLE notes (text)");
    assertRefused("the file is no DIM store");
  }

  @Test
  void folder_inPlaceOfTheFile_isRefused() throws Exception {
    Files.createDirectories(file);
    assertRefused("cannot be created or read");
  }

  @Test
  void schema_thatIsNewer_isRefusedWithWhatToDo() throws Exception {
    open().close();
    sql(
        "INSERT INTO dim_schema_history SELECT 99, '99', description, type, script, checksum,"
            + " installed_by, installed_on, execution_time, success FROM dim_schema_history LIMIT 1");
    assertRefused(
        "its schema is 99, and this one knows 1; use the newer version, or restore a backup");
  }

  @Test
  void schema_withAPointInItsNumber_isNewer() throws Exception {
    open().close();
    sql(
        "INSERT INTO dim_schema_history SELECT 99, '1.1', description, type, script, checksum,"
            + " installed_by, installed_on, execution_time, success FROM dim_schema_history LIMIT 1");
    assertRefused("its schema is 1.1, and this one knows 1");
  }

  @Test
  void pool_thatCannotConnect_saysWhyAsADatabaseDoes() {
    assertThatThrownBy(() -> SqliteConnector.pool("jdbc:sqlite:" + folder.resolve("no/s.db"), 1))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void pages_thatAreDamaged_areRefusedWithTheWayToRecover() throws Exception {
    fill(300);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = 3; page < raw.length() / 4096; page += 2) {
        raw.seek(page * 4096);
        raw.write(new byte[64]);
      }
    }
    assertRefused("restore it, with its -wal file, from a backup");
  }

  @Test
  void file_thatIsCutOff_isRefused() throws Exception {
    fill(300);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() / 2 / 4096 * 4096);
    }
    assertRefused("the store's file is damaged");
  }

  @Test
  void value_thatIsDamaged_isFoundWhenItIsRead() throws Exception {
    fill(1);
    byte[] content = Files.readAllBytes(file);
    int at =
        new String(content, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("value of 0");
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(at);
      raw.write('V');
    }
    try (StateStore store = open()) {
      StateStore.Page page = store.scan("i", "", Optional.empty(), 10);
      assertThat(page.entries()).hasSize(1);
      assertThatThrownBy(() -> page.entries().get(0).value().bytes())
          .isInstanceOf(DimException.class)
          .hasMessageContaining("a stored value is damaged");
    }
  }

  private void fill(int entries) throws IOException {
    try (StateStore store = open()) {
      for (int i = 0; i < entries; i++) {
        put(store, "key-" + i, ("value of " + i + " ".repeat(500)).getBytes(UTF_8));
      }
    }
  }

  @Test
  void epochs_afterARestart_areNotUsedAgainAndHaveEnded() {
    long earlier;
    try (StateStore store = open()) {
      earlier = store.open("a", Duration.ofHours(1)).epoch();
    }
    try (StateStore store = open()) {
      assertThat(store.sessions())
          .containsExactly(new StateStore.SessionState(earlier, "a", StateStore.Standing.ENDED));
      store.forget(earlier);
      assertThat(store.open("a", Duration.ofHours(1)).epoch()).isGreaterThan(earlier);
    }
  }

  @Test
  void settings_outOfRange_areRefused() {
    JdbcStateStoreBuilder builder = JdbcStateStore.sqlite(file);
    Map<String, Runnable> wrong =
        Map.of(
            "readers", () -> builder.readers(0),
            "changesKept", () -> builder.changesKept(0),
            "changesKeptFor", () -> builder.changesKeptFor(Duration.ofNanos(-1)),
            "pollInterval", () -> builder.pollInterval(Duration.ZERO),
            "largeValueBytes", () -> builder.largeValueBytes(-1),
            "blobsKeptFor", () -> builder.blobsKeptFor(Duration.ofNanos(-1)),
            "file", () -> JdbcStateStore.sqlite(Path.of("what?.db")),
            "url", () -> JdbcStateStore.postgres("jdbc:mysql://host/db", "u", "p"));
    assertWrong(wrong);
    try (StateStore store = open()) {
      assertWrong(
          Map.of(
              "ttl", () -> store.open("a", Duration.ofDays(40_000)),
              "owner", () -> store.open("\0", Duration.ofDays(1)),
              "after", () -> store.watch("s", -1, change -> {})));
    }
  }

  private static void assertWrong(Map<String, Runnable> wrong) {
    wrong.forEach(
        (field, call) ->
            assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(field + ": ")
                .hasMessageContaining("; allowed: "));
  }
}
