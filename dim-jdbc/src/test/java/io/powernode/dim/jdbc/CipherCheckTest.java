package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.core.InMemoryBlobStore;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.StoredValue;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that is opened with another cipher than its values were written with. */
class CipherCheckTest {
  private static final String A = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String B = "b:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

  @TempDir Path folder;
  private final BlobStore blobs = new InMemoryBlobStore();
  private int transactions;

  private JdbcStateStoreBuilder store(String keys) {
    return JdbcStateStore.sqlite(folder.resolve("s.db"))
        .blobs(blobs)
        .cipher(keys.isEmpty() ? ValueCipher.none() : AesGcmCipher.of(keys));
  }

  private void put(JdbcStateStoreBuilder builder, String... keys) {
    try (JdbcStateStore store = builder.build()) {
      for (String key : keys) {
        Write write = Write.Put.of(key, StoredValue.of(new byte[] {1, 2, 3}));
        Commit commit = new Commit("s", "tx" + ++transactions, List.of(), List.of(write));
        assertThat(store.commit(commit).toCompletableFuture().join()).isInstanceOf(Committed.class);
      }
    }
  }

  private void assertRefused(String keys, String problem) {
    assertThatThrownBy(() -> store(keys).build())
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        A + ";''; are encrypted; allowed: the cipher with their key",
        "''; " + A + "; is not encrypted; allowed: a store that was encrypted",
        A + ";" + B + "; with another key; allowed: keys that include it",
        A + "; a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=; another key has the name of that",
      })
  void open_withAnotherCipher_isRefusedWithWhatToDo(String was, String is, String problem) {
    put(store(was), "k");
    assertRefused(is, problem);
    put(store(was), "k");
  }

  @Test
  void open_ofAStoreOfLargeValuesOnly_looksAtThem() {
    put(store(A).largeValueBytes(0), "k");
    assertRefused("", "are encrypted");
  }

  @Test
  void open_afterEncryptingWasInterrupted_isRefusedUntilItIsDone() throws Exception {
    put(store(""), "k1", "k2", "k3");
    put(store(A).cipherMustFit(false), "k1");
    assertRefused(A, "dim store reseal");
    try (JdbcStateStore store = store(A).cipherMustFit(false).build()) {
      assertThat(store.reseal(entries -> {})).isEqualTo(2);
    }
    put(store(A), "k4");
  }

  @Test
  void open_afterAChangeOfKeys_readsWhatEitherWrote() {
    put(store(A), "k1");
    put(store(B + " " + A), "k2");
    put(store(A + " " + B), "k3");
    assertRefused(B, "with another key");
  }

  @Test
  void open_ofAStoreWithADamagedValue_isLeftToWhoReadsIt() throws Exception {
    put(store(A), "k1", "k2");
    try (var on = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("s.db"));
        Statement statement = on.createStatement()) {
      statement.execute("UPDATE dim_entries SET value = x'01020304050607' WHERE key = 'k1'");
    }
    try (JdbcStateStore store = store(A).build()) {
      assertThat(store.get("k2").orElseThrow().value().bytes()).hasSize(3);
    }
  }
}
