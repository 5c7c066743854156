package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Durability;
import io.powernode.dim.spi.StoredValue;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
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

  @Test
  void tables_besideThoseOfOthers_areCreated() throws Exception {
    String shared = Databases.postgres().freshSchema();
    try (Connection connection = DriverManager.getConnection(shared);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE notes (text text)");
    }
    try (StateStore store = JdbcStateStore.postgres(shared, "postgres", "").build()) {
      Write put = Write.Put.of("k", StoredValue.of(new byte[] {1}));
      Commit commit = new Commit("s", "tx", List.of(), List.of(put));
      assertThat(store.commit(commit).toCompletableFuture().join()).isEqualTo(new Committed(1));
    }
  }

  @Test
  void schema_thatIsNewer_isRefusedWithWhatToDo() throws Exception {
    String newer = Databases.postgres().freshSchema();
    Databases.store(newer).close();
    try (Connection connection = DriverManager.getConnection(newer);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO dim_schema_history SELECT 99, '99', description, type, script, checksum,"
              + " installed_by, installed_on, execution_time, success FROM dim_schema_history"
              + " WHERE installed_rank = (SELECT max(installed_rank) FROM dim_schema_history)");
    }
    assertThatThrownBy(() -> Databases.store(newer))
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("its schema is 99, and this one knows 1; use the newer version");
  }

  @Test
  void server_thatIsNotDurable_isToldSo() throws Exception {
    String own = Databases.postgres().freshDatabase();
    try (Connection connection = DriverManager.getConnection(own);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE " + connection.getCatalog() + " SET synchronous_commit = off");
    }
    try (StateStore store = JdbcStateStore.postgres(own, "postgres", "").build()) {
      assertThat(store.durability()).isEqualTo(Durability.NONE);
    }
  }

  @Test
  void database_thatCannotBeOpened_isRefusedWithTheReason() throws Exception {
    String none = Databases.postgres().freshSchema().replaceFirst("/dim_[^?]*", "/nowhere");
    assertThatThrownBy(() -> JdbcStateStore.postgres(none, "postgres", "").build())
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessage("there is no such database");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String nobody = "jdbc:postgresql://127.0.0.1:" + port + "/x";
    assertThatThrownBy(() -> JdbcStateStore.postgres(nobody, "postgres", "").build())
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessage("the connection to the database was lost, or there is none");
    assertThatThrownBy(
            () -> JdbcStateStore.postgres("jdbc:postgresql://host:port/x", "u", "p").build())
        .isInstanceOf(DimException.class)
        .hasMessageContaining("the URL is malformed");
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
