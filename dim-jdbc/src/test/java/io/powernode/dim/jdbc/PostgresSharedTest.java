package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.CommitResult.Conflict;
import io.powernode.dim.spi.CommitResult.Refused;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StateStore.Session;
import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import io.powernode.dim.spi.StoredValue;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several stores on one PostgreSQL. */
class PostgresSharedTest {
  private final String database = Databases.postgres().freshSchema();
  private final AtomicLong transactions = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private StateStore one;
  private StateStore two;

  @BeforeEach
  void open() throws Exception {
    Future<StateStore> first = threads.submit(this::store);
    two = store();
    one = first.get(60, TimeUnit.SECONDS);
  }

  private StateStore store() {
    return JdbcStateStore.postgres(database, "postgres", "")
        .pollInterval(Duration.ofMillis(50))
        .build();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    threads.shutdownNow();
  }

  private CompletionStage<CommitResult> start(
      StateStore store, String stream, List<Guard> guards, Write... writes) {
    String id = "tx" + transactions.incrementAndGet();
    return store.commit(new Commit(stream, id, guards, List.of(writes)));
  }

  private CommitResult commit(
      StateStore store, String stream, List<Guard> guards, Write... writes) {
    return start(store, stream, guards, writes).toCompletableFuture().join();
  }

  private static Write put(String key) {
    return Write.Put.of(key, StoredValue.of(new byte[] {1}));
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getLong(1);
    }
  }

  private void run(String... sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement()) {
      for (String each : sql) {
        statement.execute(each);
      }
    }
  }

  @Test
  void key_thatTwoCreateAtOnce_isCreatedByOne() {
    for (int round = 0; round < 100; round++) {
      String key = "k" + round;
      List<Guard> absent = List.of(new Guard.Absent(key));
      CompletionStage<CommitResult> first = start(one, "one", absent, put(key), put("a" + round));
      CommitResult second = commit(two, "two", absent, put("b" + round), put(key));
      assertThat(List.of(first.toCompletableFuture().join(), second))
          .hasAtLeastOneElementOfType(Committed.class)
          .contains(new Conflict(absent.get(0)));
      assertThat(one.get("a" + round).isPresent()).isNotEqualTo(one.get("b" + round).isPresent());
      assertThat(one.get(key).orElseThrow().version()).isEqualTo(1);
    }
  }

  @Test
  void absence_thatIsOnlyDemanded_holdsAgainstTheOther() {
    for (int round = 0; round < 100; round++) {
      String x = "x" + round;
      String y = "y" + round;
      CompletionStage<CommitResult> first = start(one, "one", List.of(new Guard.Absent(x)), put(y));
      CommitResult second = commit(two, "two", List.of(new Guard.Absent(y)), put(x));
      assertThat(List.of(first.toCompletableFuture().join(), second))
          .as("either comes first, and the other sees it")
          .hasAtLeastOneElementOfType(Conflict.class);
      assertThat(one.get(x).isPresent() && one.get(y).isPresent()).isFalse();
    }
  }

  @Test
  void commits_ofTwoOnTheSameKeysAndStream_loseNothingAndNeverGiveUp() throws Exception {
    int keys = 5;
    AtomicLongArray written = new AtomicLongArray(keys);
    List<Future<?>> running = new ArrayList<>();
    for (int worker = 0; worker < 8; worker++) {
      StateStore store = worker % 2 == 0 ? one : two;
      Random random = new Random(worker);
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 50; i++) {
                  int a = random.nextInt(keys);
                  int b = (a + 1 + random.nextInt(keys - 1)) % keys;
                  List<Guard> guards = List.of(unchanged(store, a), unchanged(store, b));
                  CommitResult result =
                      commit(store, "shared", guards, put("key" + a), put("key" + b));
                  assertThat(result).isInstanceOfAny(Committed.class, Conflict.class);
                  if (result instanceof Committed) {
                    written.incrementAndGet(a);
                    written.incrementAndGet(b);
                  }
                }
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get(120, TimeUnit.SECONDS);
    }
    long total = 0;
    for (int key = 0; key < keys; key++) {
      assertThat(one.get("key" + key).map(Entry::version).orElse(0L)).isEqualTo(written.get(key));
      total += written.get(key);
    }
    assertThat(number("SELECT last FROM dim_streams WHERE name = 'shared'")).isEqualTo(total / 2);
    assertThat(number("SELECT count(*) FROM dim_changes WHERE stream = 'shared'"))
        .isEqualTo(total / 2);
  }

  private static Guard unchanged(StateStore store, int key) {
    return store
        .get("key" + key)
        .<Guard>map(entry -> new Guard.AtVersion(entry.key(), entry.version()))
        .orElseGet(() -> new Guard.Absent("key" + key));
  }

  @Test
  void watcher_onTheOtherStore_hearsEveryChange() throws Exception {
    BlockingQueue<Change> heard = new LinkedBlockingQueue<>();
    two.watch("one", 0, heard::add);
    for (int i = 1; i <= 20; i++) {
      commit(one, "one", List.of(), put("k" + i));
    }
    for (int i = 1; i <= 20; i++) {
      assertThat(heard.poll(20, TimeUnit.SECONDS))
          .isEqualTo(new Change.Applied(i, List.of("k" + i)));
    }
  }

  @Test
  void session_thatWasFoundExpired_staysSoWhenTheClockIsSetBack() throws Exception {
    Session renewed = one.open("a", Duration.ofHours(1));
    Session guarded = one.open("a", Duration.ofHours(1));
    Session taken = one.open("a", Duration.ofHours(1));
    run("UPDATE dim_sessions SET expires_at = expires_at - interval '2 hours'");
    assertThat(renewed.renew()).isFalse();
    Guard live = new Guard.LiveSession(guarded.epoch());
    assertThat(commit(one, "one", List.of(live), put("k"))).isEqualTo(new Conflict(live));
    Guard ended = new Guard.EndedSession(taken.epoch());
    assertThat(commit(two, "two", List.of(ended), put("k"))).isEqualTo(new Committed(1));
    run("UPDATE dim_sessions SET expires_at = expires_at + interval '2 hours'");
    for (Session session : List.of(renewed, guarded, taken)) {
      assertThat(session.renew()).isFalse();
      Guard guard = new Guard.LiveSession(session.epoch());
      assertThat(commit(one, "one", List.of(guard), put("k"))).isEqualTo(new Conflict(guard));
    }
    assertThat(two.sessions()).noneMatch(SessionState::isLive);
  }

  /** What was judged while it was live may come long after, and make it the owner of something. */
  @Test
  void session_withACommitUnderWay_isNotForgottenBeforeThatCanBeSeen() throws Exception {
    commit(one, "one", List.of(), put("k"));
    SessionState expired;
    CompletionStage<CommitResult> last;
    try (Connection other = DriverManager.getConnection(database);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM dim_entries WHERE key = 'k' FOR UPDATE");
      long epoch = one.open("one", Duration.ofSeconds(2)).epoch();
      expired = new SessionState(epoch, "one", Standing.EXPIRED);
      last = start(one, "one", List.of(new Guard.LiveSession(epoch)), put("k"), put("job"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> isHeard(statement) && two.sessions().contains(expired));
      two.forget(epoch);
      assertThat(two.sessions()).containsExactly(expired);
      other.rollback();
    }
    assertThat(last.toCompletableFuture().join()).isEqualTo(new Committed(2));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> two.sessions().get(0).standing() == Standing.ENDED);
    assertThat(two.get("job")).isPresent();
    two.forget(expired.epoch());
    assertThat(two.sessions()).isEmpty();
  }

  /** Else its transaction would be ended, as a silent process's that is in the way. */
  private static boolean isHeard(Statement statement) throws SQLException {
    return statement.execute("SELECT 1");
  }

  @Test
  void session_whoseTimeIsUp_expiresByTheServersClock() {
    Session session = one.open("a", Duration.ofSeconds(1));
    Guard ended = new Guard.EndedSession(session.epoch());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> commit(two, "two", List.of(ended)) instanceof Committed);
    assertThat(session.renew()).isFalse();
  }

  @Test
  void commit_thatTheDatabaseCannotTake_failsAlone() throws Exception {
    run("ALTER TABLE dim_entries ADD CHECK (key <> 'poison')");
    List<CompletionStage<CommitResult>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(start(one, "one", List.of(), put(i == 15 ? "poison" : "k" + i)));
    }
    for (int i = 0; i < 30; i++) {
      CommitResult expected =
          i == 15
              ? new Refused("the database failed with SQLSTATE 23514")
              : new Committed(i < 15 ? i + 1 : i);
      assertThat(answers.get(i).toCompletableFuture().join()).isEqualTo(expected);
    }
  }

  @Test
  void commit_thatTheDatabaseCanNeverTake_failsForGoodAndAlone() throws Exception {
    run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'private' USING ERRCODE = '54000'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON dim_entries FOR EACH ROW"
            + " WHEN (NEW.key = 'huge') EXECUTE FUNCTION refuse()");
    CompletionStage<CommitResult> before = start(one, "one", List.of(), put("a"));
    CompletionStage<CommitResult> never = start(one, "one", List.of(), put("huge"));
    CompletionStage<CommitResult> after = start(one, "one", List.of(), put("b"));
    assertThat(never.toCompletableFuture())
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isFalse())
        .withMessage("commit: goes beyond a limit of the database; allowed: smaller ones");
    assertThat(before.toCompletableFuture().join()).isEqualTo(new Committed(1));
    assertThat(after.toCompletableFuture().join()).isEqualTo(new Committed(2));
  }

  @Test
  void connection_thatTheServerEnds_isReplaced() throws Exception {
    commit(one, "one", List.of(), put("k"));
    run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'dim' AND datname = current_database()");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> commit(one, "one", List.of(), put("k")) instanceof Committed);
    // Each connection that was idle fails once when it is used, and one of them is made up for.
    for (StateStore store : List.of(one, two)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptionsInstanceOf(DimException.class)
          .until(() -> store.get("k").isPresent());
    }
  }

  @Test
  void process_thatStandsStillInATransaction_doesNotHoldUpOthers() throws Exception {
    commit(one, "one", List.of(), put("k"));
    try (Connection standing = DriverManager.getConnection(database);
        Statement statement = standing.createStatement()) {
      statement.execute("SET idle_in_transaction_session_timeout = '2s'");
      standing.setAutoCommit(false);
      statement.execute("SELECT * FROM dim_entries FOR UPDATE");
      assertThat(commit(two, "two", List.of(new Guard.AtVersion("k", 1)), put("k")))
          .isEqualTo(new Committed(1));
    }
    assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("2s");
  }

  private String setting(String name) {
    Database readers =
        PostgresConnector.of(database, "postgres", "")
            .connect(new SteppedEnvironment(), 1)
            .database();
    try (readers) {
      return readers.read(
          on -> {
            try (Statement statement = on.createStatement();
                ResultSet found = statement.executeQuery("SHOW " + name)) {
              found.next();
              return found.getString(1);
            }
          });
    }
  }
}
