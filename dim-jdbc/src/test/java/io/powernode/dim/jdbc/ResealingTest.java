package io.powernode.dim.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StoredValue;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypting anew while others write. */
class ResealingTest {
  @TempDir Path folder;
  private int transactions;

  private JdbcStateStore store(ValueCipher cipher) {
    return JdbcStateStore.sqlite(folder.resolve("s.db"))
        .cipher(cipher)
        .cipherMustFit(false)
        .build();
  }

  private static StoredValue value(String text) {
    return StoredValue.of(text.getBytes(UTF_8));
  }

  private void commit(JdbcStateStore store, Write write) {
    Commit commit = new Commit("s", "tx" + ++transactions, List.of(), List.of(write));
    assertThat(store.commit(commit).toCompletableFuture().join()).isInstanceOf(Committed.class);
  }

  /** A value of the same version may be another: of an entry that was created again. */
  @Test
  void reseal_ofAnEntryThatIsCreatedAgainMeanwhile_leavesTheNewerValue() throws Exception {
    try (JdbcStateStore store = store(ValueCipher.none())) {
      commit(store, Write.Put.of("k", value("old")));
    }
    CompletableFuture<JdbcStateStore> users = new CompletableFuture<>();
    AtomicBoolean isFirst = new AtomicBoolean(true);
    ValueCipher cipher = AesGcmCipher.of("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    ValueCipher meddling =
        new ValueCipher() {
          @Override
          public byte[] seal(String key, byte[] plain) {
            if (isFirst.getAndSet(false)) {
              commit(users.join(), new Write.Delete("k"));
              commit(users.join(), Write.Put.of("k", value("new")));
            }
            return cipher.seal(key, plain);
          }

          @Override
          public byte[] open(String key, byte[] sealed) {
            return cipher.open(key, sealed);
          }

          @Override
          public boolean isCurrent(byte[] sealed) {
            return cipher.isCurrent(sealed);
          }
        };
    try (JdbcStateStore store = store(meddling)) {
      users.complete(store);
      assertThat(store.reseal(entries -> {})).isZero();
      Entry entry = store.get("k").orElseThrow();
      assertThat(entry.version()).isEqualTo(1);
      assertThat(entry.value().bytes()).isEqualTo("new".getBytes(UTF_8));
    }
  }
}
