package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.jdbc.Snapshot.SessionStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PostgreSQL. The server may be far, so a batch is written in one message, which also has checked
 * what it depends on where that is as it was left here; else it is read before. What it depends on
 * stays locked until the transaction ends: streams, then sessions, then entries. What is read is
 * locked in order, so that orchestrators do not wait for each other in a circle; what is only
 * checked is locked as the server finds it. Where they do wait so, the server undoes one, which is
 * tried again.
 */
final class PostgresDialect implements Dialect {
  private static final String STREAMS =
      "SELECT name, last, fences FROM dim_streams WHERE name = ANY(?)"
          + " ORDER BY name FOR NO KEY UPDATE";
  private static final String SESSIONS =
      "SELECT epoch, ended, "
          + PostgresSessions.EXPIRED
          + " FROM dim_sessions WHERE epoch = ANY(?) ORDER BY epoch FOR NO KEY UPDATE";
  private static final String ENTRIES =
      "SELECT key, version, indexes, blob FROM dim_entries WHERE key = ANY(?)"
          + " ORDER BY key FOR UPDATE";
  private static final String BLOBS =
      "SELECT digest FROM dim_blobs WHERE digest = ANY(?) AND refs >= 0"
          + " ORDER BY digest FOR UPDATE";
  private static final String END =
      "UPDATE dim_sessions SET ended = true WHERE epoch = ANY(?) AND NOT ended";

  private final Remembered remembered = new Remembered();

  @Override
  public Snapshot read(Statements on, Footprint footprint) throws SQLException {
    boolean hasEpochs = !footprint.epochs().isEmpty();
    boolean hasBlobs = !footprint.blobs().isEmpty();
    Composite query = new Composite(on);
    query.add(STREAMS, query.texts(List.copyOf(footprint.streams())));
    if (hasEpochs) {
      query.add(SESSIONS, query.numbers(List.copyOf(footprint.epochs())));
    }
    query.add(ENTRIES, query.texts(List.copyOf(footprint.keys())));
    if (hasBlobs) {
      query.add(BLOBS, query.texts(footprint.blobs().stream().map(Digest::value).toList()));
    }
    PreparedStatement answers = query.execute();
    Map<String, StreamHead> streams = new HashMap<>();
    forEach(
        answers,
        found ->
            streams.put(found.getString(1), new StreamHead(found.getLong(2), found.getLong(3))));
    Map<Long, SessionStatus> sessions = new HashMap<>();
    List<Long> expired = new ArrayList<>();
    if (hasEpochs) {
      answers.getMoreResults();
      forEach(answers, found -> add(found, sessions, expired));
    }
    Map<String, Row> rows = new HashMap<>();
    answers.getMoreResults();
    forEach(answers, found -> rows.put(found.getString(1), row(found)));
    Set<Digest> blobs = new HashSet<>();
    if (hasBlobs) {
      answers.getMoreResults();
      forEach(answers, found -> blobs.add(new Digest(found.getString(1))));
    }
    if (!expired.isEmpty()) {
      Composite end = new Composite(on);
      end.add(END, end.numbers(expired)).execute();
    }
    if (sessions.size() < footprint.epochs().size()) {
      addForgotten(on, footprint, sessions);
    }
    return new Snapshot(streams, rows, sessions, blobs);
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  /** Reads the rows of the current answer. */
  private static void forEach(PreparedStatement answers, RowReader reader) throws SQLException {
    try (ResultSet found = answers.getResultSet()) {
      while (found.next()) {
        reader.read(found);
      }
    }
  }

  private static void add(ResultSet session, Map<Long, SessionStatus> sessions, List<Long> expired)
      throws SQLException {
    boolean hasEnded = session.getBoolean(2);
    boolean hasExpired = session.getBoolean(3);
    long epoch = session.getLong(1);
    sessions.put(epoch, hasEnded || hasExpired ? SessionStatus.ENDED : SessionStatus.LIVE);
    if (hasExpired && !hasEnded) {
      expired.add(epoch);
    }
  }

  private static Row row(ResultSet entry) throws SQLException {
    Optional<Digest> blob = Optional.ofNullable(entry.getString(4)).map(Digest::new);
    return Row.of(entry.getLong(2), entry.getString(3), blob);
  }

  /**
   * An epoch that was given out, and of which there is no session now, was forgotten and has ended.
   * The count is read before the sessions are looked for again: one that was just opened is there.
   */
  private static void addForgotten(
      Statements on, Footprint footprint, Map<Long, SessionStatus> sessions) throws SQLException {
    long last;
    try (ResultSet found = on.prepare("SELECT last FROM dim_epochs").executeQuery()) {
      found.next();
      last = found.getLong(1);
    }
    PreparedStatement exists = on.prepare("SELECT 1 FROM dim_sessions WHERE epoch = ?");
    for (long epoch : footprint.epochs()) {
      if (!sessions.containsKey(epoch) && epoch >= 1 && epoch <= last) {
        exists.setLong(1, epoch);
        try (ResultSet found = exists.executeQuery()) {
          if (!found.next()) {
            sessions.put(epoch, SessionStatus.ENDED);
          }
        }
      }
    }
  }

  @Override
  public Optional<Snapshot> expected(Footprint footprint) {
    return remembered.expected(footprint);
  }

  @Override
  public void write(Statements on, BatchPlan plan, Optional<Footprint> unread) throws SQLException {
    new PostgresWrites(on, plan).run(unread);
  }

  @Override
  public void committed(BatchPlan plan) {
    remembered.learn(plan.effects());
  }

  @Override
  public void failed(Footprint footprint) {
    remembered.forget(footprint);
  }

  @Override
  public void beginSnapshot(Connection on) throws SQLException {
    on.setAutoCommit(false);
    execute(on, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    allowLong(on);
  }

  @Override
  public void allowLong(Connection on) throws SQLException {
    on.setNetworkTimeout(Runnable::run, 0);
    execute(
        on,
        "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0;"
            + transactionTimeout("0", true));
  }

  /** Sets the limit for whole transactions where there is one: in PostgreSQL 17 and later. */
  static String transactionTimeout(String limit, boolean isForThisOne) {
    return " SELECT set_config(name, '%s', %s) FROM pg_settings WHERE name = 'transaction_timeout';"
        .formatted(limit, isForThisOne);
  }

  private static void execute(Connection on, String sql) throws SQLException {
    try (Statement statement = on.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The server looks after its pages itself, if it was set up with checksums. */
  @Override
  public List<String> inspect(Connection on) {
    return List.of();
  }

  @Override
  public Fault fault(SQLException error) {
    return PostgresFaults.of(error);
  }

  @Override
  public Fault fault(SQLException error, Step step) {
    return step == Step.WRITE && PostgresFaults.isDivisionByZero(error)
        ? new Fault(Fault.Kind.COLLISION, "something was not as it had been read")
        : fault(error);
  }

  @Override
  public boolean isLost(SQLException error) {
    return PostgresFaults.isLost(error);
  }

  @Override
  public boolean isUndone(SQLException error, Step step) {
    return step == Step.READ || PostgresFaults.isUndone(error);
  }
}
