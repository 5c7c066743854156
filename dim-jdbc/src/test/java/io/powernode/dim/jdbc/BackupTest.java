package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.core.FileBlobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to keep a copy of a store that docs/durability.md names, and to go on with it. */
class BackupTest {
  @TempDir Path folder;

  private JdbcStateStore sqlite(String name) {
    return with(JdbcStateStore.sqlite(folder.resolve(name)), name);
  }

  /** Some values of the jobs are large. */
  private JdbcStateStore with(JdbcStateStoreBuilder store, String name) {
    try {
      return store
          .blobs(FileBlobStore.open(folder.resolve(name + "-blobs")))
          .largeValueBytes(1000)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void archive_ofAStoreInUse_goesOnInTheOtherDatabase() throws Exception {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (JdbcStateStore store = sqlite("store.db");
        HalfDoneJobs jobs = new HalfDoneJobs(store)) {
      store.exportTo(archive, entries -> {});
      try (JdbcStateStore copy = sqlite("copy.db")) {
        copy.importFrom(new ByteArrayInputStream(archive.toByteArray()), entries -> {});
      }
      try (JdbcStateStore copy = sqlite("copy.db")) {
        assertThat(copy.check(entries -> {}).problems()).isEmpty();
        jobs.assertGoOnIn(copy);
      }
    }
  }
}
