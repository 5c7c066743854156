package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deleted while another transaction, which has a lock already, creates it. */
class PostgresMissedDeleteTest {
  private final String database = Databases.postgres().freshSchema();
  private StateStore one;
  private StateStore other;
  private int transactions;

  @BeforeEach
  void open() {
    one = Databases.store(database);
    other = Databases.store(database);
    assertThat(commit(one, put("warm")).join()).isEqualTo(new Committed(1));
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private CompletableFuture<CommitResult> commit(StateStore store, Write... writes) {
    String stream = store == one ? "one" : "other";
    Commit commit = new Commit(stream, "tx" + ++transactions, List.of(), List.of(writes));
    return store.commit(commit).toCompletableFuture();
  }

  private static Write put(String key) {
    return Write.Put.of(key, StoredValue.of(new byte[] {1}));
  }

  /** What this store wrote last it does not read again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void entry_createdByWhoeverHadTheLock_isDeleted(boolean isUnread) throws Exception {
    assertThat(commit(isUnread ? one : other, put("job")).join()).isInstanceOf(Committed.class);
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1 FROM dim_entries WHERE key = 'job' FOR UPDATE");
      statement.execute(
          "INSERT INTO dim_entries (key, version, indexes, blob, value)"
              + " SELECT 'intent', 1, '', NULL, value FROM dim_entries WHERE key = 'job'");
      CompletableFuture<CommitResult> done = commit(one, put("job"), new Write.Delete("intent"));
      await().atMost(Duration.ofSeconds(20)).until(() -> done.isDone() || isAnyWaiting());
      connection.commit();
      assertThat(done.join()).isInstanceOf(Committed.class);
    }
    assertThat(one.get("job").orElseThrow().version()).isEqualTo(2);
    assertThat(one.get("intent")).as("created before it was deleted").isEmpty();
  }

  private boolean isAnyWaiting() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND datname = current_database()")) {
      found.next();
      return found.getLong(1) > 0;
    }
  }

  @Test
  void entry_createdAfterwards_stays() {
    assertThat(commit(one, new Write.Delete("intent")).join()).isEqualTo(new Committed(2));
    assertThat(commit(other, put("intent")).join()).isEqualTo(new Committed(1));
    assertThat(one.get("intent")).isPresent();
    assertThat(commit(one, new Write.Delete("intent")).join()).isEqualTo(new Committed(3));
    assertThat(one.get("intent")).isEmpty();
  }
}
