package io.powernode.dim.jdbc;

import io.powernode.dim.patterns.OrchestratedBlocks;
import io.powernode.dim.patterns.OrchestratedComparisons;
import io.powernode.dim.patterns.OrchestratedEngines;
import io.powernode.dim.patterns.OrchestratedReviews;
import io.powernode.dim.patterns.OrchestratedRows;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.EngineCrashHarness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The suites of the patterns. */
@Tag("slow")
class PostgresOrchestratedEnginesTest {
  private static String url;

  @BeforeAll
  static void createTables() {
    url = Databases.postgres().freshSchema();
    Databases.store(url).close();
  }

  @Nested
  class Engines extends OrchestratedEngines {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onPostgres(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Blocks extends OrchestratedBlocks {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onPostgres(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Comparisons extends OrchestratedComparisons {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onPostgres(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Rows extends OrchestratedRows {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onPostgres(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Reviews extends OrchestratedReviews {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onPostgres(harness).crashEvery(EVERY);
    }
  }

  private static EngineCrashHarness onPostgres(EngineCrashHarness harness) {
    return harness.store(PostgresOrchestratedEnginesTest::emptied);
  }

  /** Much faster than a database for each store. */
  private static StateStore emptied() {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String table : List.of("entries", "index_keys", "streams", "changes", "sessions")) {
        statement.execute("DELETE FROM dim_" + table);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database could not be emptied", e);
    }
    return Databases.store(url);
  }
}
