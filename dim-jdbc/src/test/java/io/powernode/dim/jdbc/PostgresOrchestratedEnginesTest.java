package io.powernode.dim.jdbc;

import io.powernode.dim.patterns.OrchestratedEngines;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.EngineCrashHarness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresOrchestratedEnginesTest extends OrchestratedEngines {
  private static String url;

  @BeforeAll
  static void createTables() {
    url = Databases.postgres().freshSchema();
    Databases.store(url).close();
  }

  @Override
  protected EngineCrashHarness onStore(EngineCrashHarness harness) {
    return harness.store(PostgresOrchestratedEnginesTest::emptied).crashEvery(EVERY);
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
