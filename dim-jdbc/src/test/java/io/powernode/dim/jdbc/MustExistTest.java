package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that are opened only where there is one. */
class MustExistTest {
  @TempDir Path folder;

  @Test
  void file_missingOrEmpty_isRefusedAndLeftAlone() throws Exception {
    Path file = folder.resolve("store.db");
    JdbcStateStoreBuilder builder = JdbcStateStore.sqlite(file).mustExist(true);
    assertRefused(builder, "there is no such file");
    assertThat(folder).isEmptyDirectory();
    Files.createFile(file);
    assertRefused(builder, "the file is empty");
    assertThat(file).isEmptyFile();

    JdbcStateStore.sqlite(file).build().close();
    builder.build().close();
  }

  @Test
  void database_withoutTables_isRefusedAndLeftAlone() throws Exception {
    String url = Databases.postgres().freshDatabase();
    JdbcStateStoreBuilder builder = JdbcStateStore.postgres(url, "postgres", "").mustExist(true);
    assertRefused(builder, "the database holds no store");
    try (Connection on = DriverManager.getConnection(url);
        Statement statement = on.createStatement();
        ResultSet tables =
            statement.executeQuery("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")) {
      assertThat(tables.next()).isFalse();
    }
    Databases.store(url).close();
    builder.build().close();
  }

  private static void assertRefused(JdbcStateStoreBuilder builder, String reason) {
    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining(reason);
  }
}
