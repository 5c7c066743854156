package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.testkit.StateStoreContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresStateStoreTest extends StateStoreContract {
  private String database;

  @Override
  protected StateStore create(int changesKept) {
    database = Databases.postgres().freshSchema();
    return builder().changesKept(changesKept).build();
  }

  @Override
  protected StateStore reopen() {
    return builder().build();
  }

  private JdbcStateStoreBuilder builder() {
    return JdbcStateStore.postgres(database, "postgres", "").pollInterval(Duration.ofMillis(50));
  }

  /** So long that a machine which stands still for a moment fails no test. */
  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(60);
  }

  /** Nobody waits for the server's clock: its sessions are made to end sooner. */
  @Override
  protected void pass(Duration time) throws Exception {
    try (Connection connection = DriverManager.getConnection(database);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE dim_sessions SET expires_at = expires_at - ? * interval '1 second'")) {
      update.setLong(1, time.toSeconds());
      update.executeUpdate();
    }
  }

  @Test
  void durability_onOneServer_isMachineCrash() {
    try (StateStore own = builder().build()) {
      assertThat(own.durability()).isEqualTo(Durability.MACHINE_CRASH);
    }
  }
}
