package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresOpeningTest {
  private static final int MOST_CONNECTIONS = 50;

  @Test
  void open_whenAnyConnectionIsLost_canBeTriedAgain() {
    int failures = 0;
    for (int lost = 1; lost <= MOST_CONNECTIONS; lost++) {
      OneLost connections = new OneLost(Databases.postgres().freshDatabase(), lost);
      try {
        JdbcStateStore.postgres(connections).build().close();
        if (connections.made < lost) {
          assertThat(failures).isGreaterThan(2);
          return;
        }
      } catch (DimException e) {
        failures++;
        assertThat(e.retryable()).as("connection %d lost: %s", lost, e.getMessage()).isTrue();
        JdbcStateStore.postgres(connections).build().close();
      }
    }
    throw new AssertionError("opening takes more than " + MOST_CONNECTIONS + " connections");
  }

  /** Connections, of which one is refused as if the way to the server had been cut. */
  private static final class OneLost extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;
    private final int lost;
    private int made;

    OneLost(String url, int lost) {
      setUrl(url);
      this.lost = lost;
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
      if (++made == lost) {
        throw new SQLException("lost", "08006");
      }
      return super.getConnection();
    }
  }
}
