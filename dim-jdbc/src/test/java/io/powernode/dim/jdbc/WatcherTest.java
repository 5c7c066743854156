package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.testkit.SimulatedEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatcherTest {
  @TempDir Path folder;

  @Test
  void changes_thatCannotBeRead_areHeardWhenTheyCan() {
    SimulatedEnvironment environment = new SimulatedEnvironment(1);
    List<Change> heard = new ArrayList<>();
    try (Backend backend =
        new SqliteConnector(folder.resolve("s.db")).connect(new SteppedEnvironment(), 1)) {
      Database database = backend.database();
      database.write(on -> on.update("INSERT INTO dim_streams VALUES ('s', 1, 0)"));
      database.write(on -> on.update("INSERT INTO dim_changes VALUES ('s', 1, 't', 'no list')"));
      ChangeLog log = new ChangeLog(database);
      Watcher watcher = new Watcher(log, environment, "s", 0, heard::add, closed -> {});
      watcher.wake();
      environment.runUntilIdle();
      assertThat(heard).isEmpty();

      database.write(on -> on.update("UPDATE dim_changes SET keys = '1:k'"));
      watcher.wake();
      environment.runUntilIdle();
      assertThat(heard).containsExactly(new Change.Applied(1, List.of("k")));
    }
  }
}
