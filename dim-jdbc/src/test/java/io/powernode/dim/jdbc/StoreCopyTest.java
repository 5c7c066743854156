package io.powernode.dim.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StoredValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that are looked at as a whole, copied, and encrypted anew. */
class StoreCopyTest {
  private static final LongConsumer QUIET = entries -> {};
  private static final String KEY = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String NEXT = "b:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

  private static byte[] filled;

  @TempDir Path folder;

  @BeforeAll
  static void fillOnce(@TempDir Path elsewhere) throws IOException {
    try (JdbcStateStore store = JdbcStateStore.sqlite(elsewhere.resolve("s.db")).build()) {
      fill(store);
      filled = exported(store);
    }
  }

  private JdbcStateStore sqlite(String name, ValueCipher cipher) {
    return JdbcStateStore.sqlite(folder.resolve(name))
        .largeValueBytes(1000)
        .cipher(cipher)
        .cipherMustFit(false)
        .build();
  }

  private JdbcStateStore sqlite(String name) {
    return sqlite(name, ValueCipher.none());
  }

  /** 1,203 entries of which some are large, replaced and deleted, on two streams; two sessions. */
  private static void fill(JdbcStateStore store) {
    for (int i = 0; i < 1_200; i += 100) {
      Write[] writes = new Write[100];
      for (int k = 0; k < writes.length; k++) {
        String key = "job/%04d/Zürich 😀".formatted(i + k);
        writes[k] = new Write.Put(key, value("v" + i), Map.of("all", "x" + (i + k), "odd", "1:2"));
      }
      commit(store, "orchestrator", writes);
    }
    byte[] large = new byte[5_000];
    Arrays.fill(large, (byte) 'L');
    commit(store, "intents", Write.Put.of("large/1", StoredValue.of(large)));
    commit(store, "intents", Write.Put.of("large/2", StoredValue.of(large)));
    commit(store, "intents", Write.Put.of("empty", StoredValue.of(new byte[0])));
    commit(store, "intents", Write.Put.of("gone", value("x")));
    commit(store, "intents", new Write.Delete("gone"));
    commit(store, "orchestrator", Write.Put.of("job/0000/Zürich 😀", value("again")));
    store.open("orchestrator", Duration.ofMinutes(1)).close();
    store.open("orchestrator", Duration.ofMinutes(1)).close();
  }

  private static StoredValue value(String text) {
    return StoredValue.of(text.getBytes(UTF_8));
  }

  private static final AtomicLong TRANSACTIONS = new AtomicLong();

  private static CommitResult commit(JdbcStateStore store, String stream, Write... writes) {
    CommitResult result =
        store
            .commit(
                new Commit(
                    stream, "tx" + TRANSACTIONS.incrementAndGet(), List.of(), List.of(writes)))
            .toCompletableFuture()
            .join();
    assertThat(result).isInstanceOf(Committed.class);
    return result;
  }

  private static byte[] exported(JdbcStateStore store) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(store.exportTo(out, QUIET)).isEqualTo(1_203);
    return out.toByteArray();
  }

  private static void importInto(JdbcStateStore store, byte[] archive) throws IOException {
    assertThat(store.importFrom(new ByteArrayInputStream(archive), QUIET)).isEqualTo(1_203);
  }

  @Test
  void copy_fromSqliteToPostgresAndBack_losesNothing() throws Exception {
    byte[] first;
    byte[] second;
    try (JdbcStateStore store = sqlite("from.db")) {
      fill(store);
      first = exported(store);
    }
    String url = Databases.postgres().freshSchema();
    try (JdbcStateStore store = (JdbcStateStore) Databases.store(url)) {
      importInto(store, first);
      assertThat(store.check(QUIET).problems()).isEmpty();
      second = exported(store);
    }
    assertThat(second).isEqualTo(first);
    try (JdbcStateStore store = sqlite("back.db")) {
      importInto(store, second);
    }
    try (JdbcStateStore store = sqlite("back.db")) {
      assertThat(store.check(QUIET).problems()).isEmpty();
      assertThat(store.check(QUIET).large()).isEqualTo(2);
      assertThat(exported(store)).isEqualTo(first);
      Entry entry = store.get("job/0000/Zürich 😀").orElseThrow();
      assertThat(entry.version()).isEqualTo(2);
      assertThat(entry.value().bytes()).isEqualTo("again".getBytes(UTF_8));
      assertThat(store.scan("all", "x", Optional.empty(), 5_000).entries()).hasSize(1_199);
      assertThat(commit(store, "intents", Write.Put.of("next", value("n"))))
          .as("streams go on where they were")
          .isEqualTo(new Committed(6));
      assertThat(store.open("orchestrator", Duration.ofMinutes(1)).epoch())
          .as("no epoch is used again")
          .isEqualTo(3);
      Guard ended = new Guard.EndedSession(2);
      Commit takeOver = new Commit("intents", "tx-over", List.of(ended), List.of());
      assertThat(store.commit(takeOver).toCompletableFuture().join()).isEqualTo(new Committed(7));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 17, 21, 22, 23, 60, 1_000, -60, -40, -9, -1})
  void import_ofPartOfAnArchive_isRefusedAndLeavesNothing(int length) throws Exception {
    byte[] part = Arrays.copyOf(filled, length < 0 ? filled.length + length : length);
    try (JdbcStateStore store = sqlite("to.db")) {
      assertThatThrownBy(() -> store.importFrom(new ByteArrayInputStream(part), QUIET))
          .isInstanceOf(DimException.class)
          .hasMessageContaining("archive: ")
          .hasMessageContaining("allowed");
      assertThat(store.check(QUIET).entries()).isZero();
      importInto(store, filled);
      assertThat(store.check(QUIET).isSound()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"3", "20", "22", "30", "100", "5000", "90000", "-45", "-20"})
  void import_ofAnAlteredArchive_isRefusedAndLeavesNothing(int at) throws Exception {
    byte[] archive = filled.clone();
    archive[at < 0 ? archive.length + at : at] ^= 0x40;
    try (JdbcStateStore store = sqlite("to.db")) {
      assertThatThrownBy(() -> store.importFrom(new ByteArrayInputStream(archive), QUIET))
          .isInstanceOf(DimException.class);
      assertThat(store.check(QUIET).entries()).isZero();
    }
  }

  @Test
  void import_intoAStoreInUse_isRefused() throws Exception {
    try (JdbcStateStore store = sqlite("from.db")) {
      fill(store);
      byte[] archive = exported(store);
      assertThatThrownBy(() -> store.importFrom(new ByteArrayInputStream(archive), QUIET))
          .hasMessageContaining("store: is not empty");
      assertThat(exported(store)).isEqualTo(archive);
    }
  }

  @Test
  void import_withACipher_encryptsWhatWasNot() throws Exception {
    byte[] sealed;
    try (JdbcStateStore store = sqlite("sealed.db", AesGcmCipher.of(KEY))) {
      importInto(store, filled);
      sealed = exported(store);
      assertThat(store.check(QUIET).notCurrent()).isZero();
    }
    assertThat(new String(filled, UTF_8)).contains("again").contains("LLLL");
    assertThat(new String(sealed, UTF_8)).doesNotContain("again").doesNotContain("LLLL");
    try (JdbcStateStore store = sqlite("plain.db")) {
      assertThatThrownBy(() -> store.importFrom(new ByteArrayInputStream(sealed), QUIET))
          .hasMessageContaining("encrypted");
    }
  }

  @Test
  void reseal_afterKeysChange_encryptsEachValueOnceAndReadsTheSame() throws Exception {
    try (JdbcStateStore store = sqlite("s.db")) {
      importInto(store, filled);
    }
    try (JdbcStateStore store = sqlite("s.db", AesGcmCipher.of(KEY))) {
      assertThat(store.check(QUIET).notCurrent()).isEqualTo(1_203);
      assertThat(store.reseal(QUIET)).isEqualTo(1_203);
      assertThat(store.reseal(QUIET)).isZero();
      assertThat(store.check(QUIET)).returns(0L, StoreReport::notCurrent).matches(r -> r.isSound());
    }
    try (JdbcStateStore store = sqlite("s.db", AesGcmCipher.of(NEXT + " " + KEY))) {
      assertThat(store.reseal(QUIET)).isEqualTo(1_203);
    }
    try (JdbcStateStore store = sqlite("s.db", AesGcmCipher.of(NEXT))) {
      StoreReport report = store.check(QUIET);
      assertThat(report.problems()).isEmpty();
      assertThat(report.large()).isEqualTo(2);
      Entry entry = store.get("job/0000/Zürich 😀").orElseThrow();
      assertThat(entry.version()).isEqualTo(2);
      assertThat(entry.value().bytes()).isEqualTo("again".getBytes(UTF_8));
    }
    try (JdbcStateStore store = sqlite("s.db", AesGcmCipher.of(KEY))) {
      assertThat(store.check(QUIET).problems())
          .hasSize(100)
          .allMatch(problem -> problem.contains("another key"));
    }
  }

  @Test
  void import_thatFails_leavesNoLargeValue() throws Exception {
    try (JdbcStateStore store = sqlite("to.db")) {
      byte[] archive = filled.clone();
      archive[archive.length - 20] ^= 0x40;
      assertThatThrownBy(() -> store.importFrom(new ByteArrayInputStream(archive), QUIET))
          .hasMessageContaining("archive: is damaged");
      assertThat(blobFiles()).isEmpty();
      importInto(store, filled);
      assertThat(blobFiles()).hasSize(2);
    }
  }

  private List<Path> blobFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("to.db.blobs"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void watch_ofACopiedStore_saysThatTheChangesAreGone() throws Exception {
    try (JdbcStateStore store = sqlite("to.db")) {
      importInto(store, filled);
      BlockingQueue<Change> heard = new LinkedBlockingQueue<>();
      store.watch("intents", 0, heard::add);
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(new Change.Compacted(5));
      commit(store, "intents", Write.Put.of("next", value("n")));
      assertThat(heard.poll(20, TimeUnit.SECONDS))
          .isEqualTo(new Change.Applied(6, List.of("next")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "DELETE FROM dim_index_keys WHERE index_key = 'x7' ; is missing from index all",
        "INSERT INTO dim_index_keys VALUES ('all', 'y', 'nobody') ; 1 lines belong to no entry",
        "UPDATE dim_entries SET value = x'01020304050607' WHERE key = 'empty' ; is damaged",
        "UPDATE dim_blobs SET refs = refs + 1 ; 2 have another number of references",
        "DELETE FROM dim_blobs ; 2 have another number of references",
        "INSERT INTO dim_blobs VALUES ('sha256:' || hex(zeroblob(32)), 1, 0)"
            + " ; 1 have another number of references",
        "DELETE FROM dim_changes WHERE at = 7 ; 1 have a gap",
        "UPDATE dim_streams SET last = last + 1 WHERE name = 'intents' ; 1 have a gap",
        "UPDATE dim_entries SET blob = 'sha256:' || hex(zeroblob(32))"
            + " WHERE key = 'large/1' ; a large value cannot be read",
      })
  void check_ofADamagedStore_saysWhatIsWrong(String damage, String problem) throws Exception {
    try (JdbcStateStore store = sqlite("s.db")) {
      importInto(store, filled);
      commit(store, "intents", Write.Put.of("intent", value("i")));
      commit(store, "intents", Write.Put.of("intent", value("j")));
      commit(store, "intents", new Write.Delete("intent"));
      assertThat(store.check(QUIET).problems()).isEmpty();
    }
    execute(damage);
    try (JdbcStateStore store = sqlite("s.db")) {
      StoreReport report = store.check(QUIET);
      assertThat(report.isSound()).isFalse();
      assertThat(report.problems()).anyMatch(found -> found.contains(problem));
    }
  }

  private void execute(String sql) throws SQLException {
    try (var on = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("s.db"));
        Statement statement = on.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  @Test
  void progress_always_countsEveryEntry() throws Exception {
    try (JdbcStateStore store = sqlite("s.db")) {
      importInto(store, filled);
      AtomicLong last = new AtomicLong();
      store.check(last::set);
      assertThat(last).hasValue(1_203);
      store.exportTo(new ByteArrayOutputStream(), last::set);
      assertThat(last).hasValue(1_203);
      store.reseal(last::set);
      assertThat(last).hasValue(1_203);
    }
  }
}
