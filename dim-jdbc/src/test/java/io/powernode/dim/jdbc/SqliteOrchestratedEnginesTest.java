package io.powernode.dim.jdbc;

import io.powernode.dim.patterns.OrchestratedBlocks;
import io.powernode.dim.patterns.OrchestratedComparisons;
import io.powernode.dim.patterns.OrchestratedEngines;
import io.powernode.dim.patterns.OrchestratedReviews;
import io.powernode.dim.patterns.OrchestratedRows;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.EngineCrashHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The suites of the patterns. */
@Tag("slow")
class SqliteOrchestratedEnginesTest {
  @TempDir static Path folder;
  private static Path template;
  private static int stores;

  @BeforeAll
  static void createTables() {
    template = folder.resolve("template.db");
    JdbcStateStore.sqlite(template).build().close();
  }

  @Nested
  class Engines extends OrchestratedEngines {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onSqlite(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Blocks extends OrchestratedBlocks {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onSqlite(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Comparisons extends OrchestratedComparisons {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onSqlite(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Rows extends OrchestratedRows {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onSqlite(harness).crashEvery(EVERY);
    }
  }

  @Nested
  class Reviews extends OrchestratedReviews {
    @Override
    protected EngineCrashHarness onStore(EngineCrashHarness harness) {
      return onSqlite(harness).crashEvery(EVERY);
    }
  }

  private static EngineCrashHarness onSqlite(EngineCrashHarness harness) {
    return harness.store(SqliteOrchestratedEnginesTest::store);
  }

  private static StateStore store() {
    Path file = folder.resolve(stores++ + ".db");
    try {
      Files.copy(template, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return JdbcStateStore.sqlite(file).build();
  }
}
