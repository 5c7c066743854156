package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.testkit.StateStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStateStoreTest extends StateStoreContract {
  private final SteppedEnvironment environment = new SteppedEnvironment();

  @TempDir Path folder;
  private Path file;
  private int files;

  @Override
  protected StateStore create(int changesKept) {
    file = folder.resolve("store-" + ++files + ".db");
    return builder(file).changesKept(changesKept).build();
  }

  @Override
  protected StateStore reopen() {
    return builder(file).build();
  }

  private JdbcStateStoreBuilder builder(Path path) {
    return JdbcStateStore.sqlite(path).environment(environment).pollInterval(Duration.ofHours(1));
  }

  @Override
  protected void pass(Duration time) {
    environment.clock.advance(time);
  }

  @AfterEach
  void closeEnvironment() {
    environment.close();
  }

  @Test
  void durability_always_isMachineCrash(@TempDir Path other) {
    try (StateStore own = builder(other.resolve("own.db")).build()) {
      assertThat(own.durability()).isEqualTo(Durability.MACHINE_CRASH);
    }
  }
}
