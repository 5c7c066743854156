package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.LossyConnections.Loss;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.CommitResult.Unknown;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Outcome;
import io.powernode.dim.spi.StoredValue;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store whose connection breaks, and what is found out about its commits afterwards. */
class PostgresLookupTest {
  private final String database = Databases.postgres().freshSchema();
  private final AtomicLong transactions = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LossyConnections connections = new LossyConnections(database);
  private StateStore store;
  private StateStore other;

  @BeforeEach
  void open() {
    store = JdbcStateStore.postgres(connections).build();
    other = Databases.store(database);
  }

  @AfterEach
  void close() {
    store.close();
    other.close();
    threads.shutdownNow();
  }

  private CommitResult commit(StateStore by, String id, List<Guard> guards, String key) {
    Write write = Write.Put.of(key, StoredValue.of(new byte[] {1}));
    return by.commit(new Commit("s", id, guards, List.of(write))).toCompletableFuture().join();
  }

  private CommitResult commit(StateStore by, String key) {
    return commit(by, "tx" + transactions.incrementAndGet(), List.of(), key);
  }

  private long waitingFences() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND query LIKE 'UPDATE dim_streams%'")) {
      found.next();
      return found.getLong(1);
    }
  }

  @Test
  void commit_thatWasLostOnItsWay_isAbsent() {
    assertThat(outcomeOf(Loss.BEFORE)).isEqualTo(Outcome.ABSENT);
  }

  @Test
  void commit_whoseAnswerWasLost_isCommitted() {
    assertThat(outcomeOf(Loss.AFTER)).isEqualTo(Outcome.COMMITTED);
  }

  private Outcome outcomeOf(Loss loss) {
    assertThat(commit(store, "before")).isEqualTo(new Committed(1));
    connections.lose(loss);
    assertThat(commit(store, "lost", List.of(new Guard.Absent("k")), "k"))
        .isEqualTo(new Unknown("lost"));
    Outcome outcome = store.lookup("lost");
    boolean isThere = outcome == Outcome.COMMITTED;
    assertThat(other.lookup("lost")).isEqualTo(outcome);
    assertThat(store.get("k").isPresent()).isEqualTo(isThere);
    assertThat(commit(store, "after")).isEqualTo(new Committed(isThere ? 3 : 2));
    return outcome;
  }

  /** The store remembers its stream, so that all of it, BEGIN and COMMIT, is one message. */
  @Test
  void commit_thatArrivesAfterItWasLookedUp_changesNothing() {
    assertThat(commit(store, "before")).isEqualTo(new Committed(1));
    connections.lose(Loss.LATER);
    assertThat(commit(store, "lost", List.of(), "k")).isEqualTo(new Unknown("lost"));

    assertThat(store.lookup("lost")).isEqualTo(Outcome.ABSENT);
    connections.release();

    assertThat(store.get("k")).isEmpty();
    assertThat(store.lookup("lost")).isEqualTo(Outcome.ABSENT);
    assertThat(commit(store, "after")).isEqualTo(new Committed(2));
  }

  @Test
  void commit_thatArrivesAfterAnotherLookedItUp_changesNothing() {
    commit(store, "before");
    connections.lose(Loss.LATER);
    commit(store, "lost", List.of(), "k");

    assertThat(other.lookup("lost")).isEqualTo(Outcome.ABSENT);
    connections.release();

    assertThat(other.get("k")).isEmpty();
  }

  /** What the other wrote must be read, and so the server has locked the stream already. */
  @Test
  void commit_thatTheServerIsAt_isWaitedFor() throws Exception {
    commit(other, "k");
    commit(store, "before");
    connections.lose(Loss.LATER);
    assertThat(commit(store, "lost", List.of(new Guard.AtVersion("k", 1)), "k"))
        .isEqualTo(new Unknown("lost"));
    Future<Outcome> looking = threads.submit(() -> store.lookup("lost"));
    await().atMost(Duration.ofSeconds(20)).until(() -> looking.isDone() || waitingFences() > 0);

    connections.release();

    Outcome outcome = looking.get(60, TimeUnit.SECONDS);
    assertThat(store.get("k").orElseThrow().version())
        .as("what was looked up is so for good")
        .isEqualTo(outcome == Outcome.COMMITTED ? 2 : 1);
  }
}
