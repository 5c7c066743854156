package io.powernode.dim.jdbc;

import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who opened which session is on disk; which of them live is known in memory. */
final class SqliteSessions implements SessionTable {
  private final Database database;
  private final SessionClock clock;

  SqliteSessions(Database database, SessionClock clock) {
    this.database = database;
    this.clock = clock;
    clock.startAfter(database.write(SqliteSessions::lastEpoch));
  }

  private static long lastEpoch(Statements on) throws SQLException {
    try (ResultSet found = on.prepare("SELECT last FROM dim_epochs").executeQuery()) {
      found.next();
      return found.getLong(1);
    }
  }

  @Override
  public long open(String owner, Duration ttl) {
    long opened =
        database.write(
            on -> {
              on.update("UPDATE dim_epochs SET last = last + 1");
              long epoch = lastEpoch(on);
              add(on, epoch, owner);
              return epoch;
            });
    clock.begin(opened, ttl);
    return opened;
  }

  private static void add(Statements on, long epoch, String owner) throws SQLException {
    on.update("INSERT INTO dim_sessions (epoch, owner) VALUES (?, ?)", epoch, owner);
  }

  @Override
  public boolean renew(long epoch, Duration ttl) {
    return clock.renew(epoch, ttl);
  }

  /** What is being written may rest on its being live, and so comes before. */
  @Override
  public void end(long epoch) {
    database.betweenWrites(() -> clock.end(epoch));
  }

  /** An expired one ends here, after what is being written. */
  @Override
  public List<SessionState> all() {
    if (clock.hasExpired()) {
      database.betweenWrites(clock::endExpired);
    }
    return database.read(
        on -> {
          List<SessionState> all = new ArrayList<>();
          try (PreparedStatement select =
                  on.prepareStatement("SELECT epoch, owner FROM dim_sessions ORDER BY epoch");
              ResultSet found = select.executeQuery()) {
            while (found.next()) {
              long epoch = found.getLong(1);
              all.add(new SessionState(epoch, found.getString(2), clock.standing(epoch)));
            }
          }
          return all;
        });
  }

  /** Whatever this process did not begin has ended. */
  @Override
  public void addEnded(Statements on, long epoch, String owner) throws SQLException {
    add(on, epoch, owner);
  }

  @Override
  public void forget(long epoch) {
    if (clock.standing(epoch) == Standing.ENDED) {
      database.write(on -> on.update("DELETE FROM dim_sessions WHERE epoch = ?", epoch));
    }
  }
}
