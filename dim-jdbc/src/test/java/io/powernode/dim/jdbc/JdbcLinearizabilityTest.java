package io.powernode.dim.jdbc;

import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.StateStoreLinearizability;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on one store of each kind. */
class JdbcLinearizabilityTest {

  @Nested
  class OnSqlite extends StateStoreLinearizability {
    @TempDir Path folder;

    @Override
    protected StateStore create() {
      return JdbcStateStore.sqlite(folder.resolve("store.db")).build();
    }

    @Override
    protected int rounds() {
      return 50;
    }
  }

  @Nested
  class OnPostgres extends StateStoreLinearizability {
    @Override
    protected StateStore create() {
      return JdbcStateStore.postgres(Databases.postgres().freshDatabase(), "postgres", "").build();
    }

    @Override
    protected int rounds() {
      return 50;
    }
  }
}
