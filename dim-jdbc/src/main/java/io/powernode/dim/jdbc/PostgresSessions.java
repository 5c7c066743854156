package io.powernode.dim.jdbc;

import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions in PostgreSQL, which expire by the server's clock. One that was found expired is marked
 * as ended, so that it stays so even if that clock is set back.
 */
record PostgresSessions(Database database) implements SessionTable {
  /** One that a session has reached its end, as of a statement. */
  static final String EXPIRED = "expires_at <= clock_timestamp()";

  /** A commit that was judged while its session was live keeps that one's row until it is over. */
  private static final String END_IDLE =
      "UPDATE dim_sessions SET ended = true WHERE epoch IN (SELECT epoch FROM dim_sessions"
          + " WHERE NOT ended AND "
          + EXPIRED
          + " FOR NO KEY UPDATE SKIP LOCKED)";

  private static final String END_IN = "clock_timestamp() + ? * interval '1 microsecond'";

  @Override
  public long open(String owner, Duration ttl) {
    return database.write(
        on -> {
          long epoch = nextEpoch(on);
          on.update(
              "INSERT INTO dim_sessions (epoch, owner, expires_at, ended) VALUES (?, ?, "
                  + END_IN
                  + ", false)",
              epoch,
              owner,
              micros(ttl));
          return epoch;
        });
  }

  private static long nextEpoch(Statements on) throws SQLException {
    try (ResultSet found =
        on.prepare("UPDATE dim_epochs SET last = last + 1 RETURNING last").executeQuery()) {
      found.next();
      return found.getLong(1);
    }
  }

  private static long micros(Duration ttl) {
    return Math.max(1, ttl.toNanos() / 1000);
  }

  @Override
  public boolean renew(long epoch, Duration ttl) {
    return database.write(
        on -> {
          int renewed =
              on.update(
                  "UPDATE dim_sessions SET expires_at = "
                      + END_IN
                      + " WHERE epoch = ? AND NOT ended AND NOT "
                      + EXPIRED,
                  micros(ttl),
                  epoch);
          if (renewed == 0) {
            end(on, epoch);
          }
          return renewed == 1;
        });
  }

  private static void end(Statements on, long epoch) throws SQLException {
    on.update("UPDATE dim_sessions SET ended = true WHERE epoch = ? AND NOT ended", epoch);
  }

  @Override
  public void end(long epoch) {
    database.write(
        on -> {
          end(on, epoch);
          return epoch;
        });
  }

  @Override
  public List<SessionState> all() {
    return database.read(
        on -> {
          List<SessionState> all = new ArrayList<>();
          try (PreparedStatement select =
                  on.prepareStatement(
                      "SELECT epoch, owner, ended, "
                          + EXPIRED
                          + " FROM dim_sessions ORDER BY epoch");
              ResultSet found = select.executeQuery()) {
            while (found.next()) {
              Standing standing = standing(found.getBoolean(3), found.getBoolean(4));
              all.add(new SessionState(found.getLong(1), found.getString(2), standing));
            }
          }
          if (all.stream().anyMatch(session -> session.standing() == Standing.EXPIRED)) {
            try (PreparedStatement end = on.prepareStatement(END_IDLE)) {
              end.executeUpdate();
            }
          }
          return all;
        });
  }

  private static Standing standing(boolean hasEnded, boolean hasExpired) {
    if (hasEnded) {
      return Standing.ENDED;
    }
    return hasExpired ? Standing.EXPIRED : Standing.LIVE;
  }

  @Override
  public void addEnded(Statements on, long epoch, String owner) throws SQLException {
    on.update(
        "INSERT INTO dim_sessions (epoch, owner, expires_at, ended)"
            + " VALUES (?, ?, clock_timestamp(), true)",
        epoch,
        owner);
  }

  @Override
  public void forget(long epoch) {
    database.write(on -> on.update("DELETE FROM dim_sessions WHERE epoch = ? AND ended", epoch));
  }
}
