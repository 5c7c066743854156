package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.jdbc.Connector.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRowTest {
  @TempDir Path folder;

  @Test
  void rows_ofAStoreWithLongValues_arePagedByTheirBytes() throws Exception {
    try (Backend backend =
        new SqliteConnector(folder.resolve("s.db")).connect(new SteppedEnvironment(), 1)) {
      backend
          .database()
          .write(
              on -> {
                for (int i = 0; i < 20; i++) {
                  on.update(
                      "INSERT INTO dim_entries VALUES (?, 1, '', NULL, zeroblob(1000000))",
                      "k" + i);
                }
                return null;
              });
      List<StoredRow> page = backend.database().snapshot(on -> StoredRow.page(on, ""));
      assertThat(page).hasSize(5);
      List<String> all = new ArrayList<>();
      backend
          .database()
          .snapshot(
              on -> {
                StoredRow.forEach(on, row -> all.add(row.key()));
                return null;
              });
      assertThat(all).hasSize(20).isSorted();
    }
  }
}
