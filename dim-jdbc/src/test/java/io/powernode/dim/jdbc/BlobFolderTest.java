package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.FileBlobStore;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where large values lie if nothing is said. */
class BlobFolderTest {
  private static final int LARGE = 256 * 1024 + 1;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("jobs.db");
  }

  private Path blobs() {
    return folder.resolve("jobs.db.blobs");
  }

  private static void put(StateStore store, String key, int bytes) {
    Write write = Write.Put.of(key, StoredValue.of(new byte[bytes]));
    assertThat(
            store
                .commit(new Commit("s", "tx-" + key, List.of(), List.of(write)))
                .toCompletableFuture()
                .join())
        .isInstanceOf(Committed.class);
  }

  private static List<Path> files(Path in) throws IOException {
    try (Stream<Path> all = Files.walk(in)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void largeValue_inSqlite_liesInAFolderBesideTheFileThatOnlyItsOwnerCanRead() throws Exception {
    try (StateStore store = JdbcStateStore.sqlite(file()).build()) {
      put(store, "small", LARGE - 1);
      assertThat(blobs()).doesNotExist();
      put(store, "large", LARGE);
    }
    assertThat(files(blobs())).singleElement().returns(true, name -> hasBytes(name, LARGE));
    try (Stream<Path> all = Files.walk(blobs())) {
      assertThat(all)
          .allSatisfy(
              each ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                      .isIn("rwx------", "rw-------"));
    }
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), file());
    try (StateStore store = JdbcStateStore.sqlite(link).build()) {
      assertThat(store.get("large").orElseThrow().value().bytes()).hasSize(LARGE);
    }
  }

  private static boolean hasBytes(Path file, int atLeast) {
    try {
      return Files.size(file) >= atLeast;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void largeValue_inPostgres_liesInItsRow() {
    String url = Databases.postgres().freshSchema();
    try (JdbcStateStore store = JdbcStateStore.postgres(url, "postgres", "").build()) {
      put(store, "large", LARGE);
      assertThat(store.check(entries -> {})).returns(0L, StoreReport::large);
      assertThat(store.get("large").orElseThrow().value().bytes()).hasSize(LARGE);
    }
  }

  @Test
  void import_intoAFolderThatIsNotEmpty_isRefusedUntilItIsDeleted() throws Exception {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (JdbcStateStore store = JdbcStateStore.sqlite(folder.resolve("from.db")).build()) {
      put(store, "large", LARGE);
      store.exportTo(archive, entries -> {});
    }
    FileBlobStore left = FileBlobStore.at(blobs());
    var killed = left.put(new ByteArrayInputStream(new byte[] {1}));
    try (JdbcStateStore store = JdbcStateStore.sqlite(file()).build()) {
      assertThatThrownBy(() -> load(store, archive))
          .hasMessageStartingWith("blobs: the folder is not empty; allowed: ");
      assertThat(store.check(entries -> {}).entries()).isZero();
      left.delete(killed);
      assertThat(load(store, archive)).isEqualTo(1);
      assertThat(files(blobs())).hasSize(1);
    }
  }

  private static long load(JdbcStateStore store, ByteArrayOutputStream archive) throws IOException {
    return store.importFrom(new ByteArrayInputStream(archive.toByteArray()), entries -> {});
  }
}
