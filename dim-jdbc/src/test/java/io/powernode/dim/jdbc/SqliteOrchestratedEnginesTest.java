package io.powernode.dim.jdbc;

import io.powernode.dim.patterns.OrchestratedEngines;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.EngineCrashHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SqliteOrchestratedEnginesTest extends OrchestratedEngines {
  @TempDir static Path folder;
  private static Path template;
  private static int stores;

  @BeforeAll
  static void createTables() {
    template = folder.resolve("template.db");
    JdbcStateStore.sqlite(template).build().close();
  }

  @Override
  protected EngineCrashHarness onStore(EngineCrashHarness harness) {
    return harness.store(SqliteOrchestratedEnginesTest::store).crashEvery(EVERY);
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
