package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.jdbc.Dialect.Step;
import io.powernode.dim.jdbc.Fault.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an error means decides whether a commit may be tried again without asking. */
class FaultsTest {
  private final Dialect sqlite = new SqliteDialect(new SessionClock(() -> 0));
  private final Dialect postgres = new PostgresDialect();

  @ParameterizedTest
  @CsvSource({
    "13, STATEMENT, true, the disk is full",
    "5, DATABASE, true, another program has locked the store's file",
    "10, DATABASE, false, the disk failed",
    "1034, DATABASE, false, the disk failed",
    "11, DATABASE, false, the store's file is damaged: restore it from a backup",
    "26, DATABASE, false, the store's file is damaged: restore it from a backup",
    "8, DATABASE, false, the store's file cannot be written",
    "14, DATABASE, false, the store's file cannot be opened",
    "18, IMPOSSIBLE, false,"
        + " 'value: is too large for the database; allowed: smaller ones, or a store with blobs'",
    "19, STATEMENT, false, the database failed with code 19",
    "0, DATABASE, false, the store is closed"
  })
  void sqliteCode_always_hasItsMeaning(
      int code, Kind kind, boolean isUndoneAtCommit, String reason) {
    SQLException error = new SQLException("private", null, code);
    assertThat(sqlite.fault(error)).isEqualTo(new Fault(kind, reason));
    assertThat(sqlite.isUndone(error, Step.COMMIT)).isEqualTo(isUndoneAtCommit);
    assertThat(sqlite.isUndone(error, Step.WRITE)).isTrue();
    assertThat(sqlite.isUndone(error, Step.READ)).isTrue();
  }

  @Test
  void pool_withoutAFreeConnection_isNoClosedStore() {
    assertThat(sqlite.fault(new SQLTransientConnectionException("private")).reason())
        .isEqualTo("too many read at once: no connection became free");
  }

  @ParameterizedTest
  @CsvSource({
    "40001, COLLISION, true, the database failed with SQLSTATE 40001",
    "40P01, COLLISION, true, the database failed with SQLSTATE 40P01",
    "40003, COLLISION, false, the database failed with SQLSTATE 40003",
    "23505, COLLISION, true, the database failed with SQLSTATE 23505",
    "23514, STATEMENT, true, the database failed with SQLSTATE 23514",
    "22021, STATEMENT, true, the database failed with SQLSTATE 22021",
    "22012, STATEMENT, true, the database is a standby: the primary is needed",
    "54000, IMPOSSIBLE, true,"
        + " commit: goes beyond a limit of the database; allowed: smaller ones",
    "53100, DATABASE, true, the database's disk is full",
    "53300, DATABASE, true, the database has no connection to spare",
    "55P03, DATABASE, true, another transaction keeps a row locked",
    "57014, DATABASE, true, the database took too long",
    "25006, DATABASE, true, 'the database takes no writes: it is a standby, or set to read only'",
    "25P03, DATABASE, false, the database ended a connection that was silent for too long",
    "57P01, DATABASE, false, the database is shutting down",
    "57P02, DATABASE, false, the database is shutting down",
    "57P03, DATABASE, false, the database is starting or shutting down",
    "58030, DATABASE, false, the database reports damage or a failed disk",
    "XX001, DATABASE, false, the database reports damage or a failed disk",
    "08006, DATABASE, false, 'the connection to the database was lost, or there is none'",
    "08007, DATABASE, false, 'the connection to the database was lost, or there is none'",
    ", DATABASE, false, 'the connection to the database was lost, or there is none'",
    "odd, DATABASE, false, 'the connection to the database was lost, or there is none'"
  })
  void postgresState_always_hasItsMeaning(
      String state, Kind kind, boolean isUndone, String reason) {
    SQLException error = new SQLException("private", state);
    assertThat(postgres.fault(error)).isEqualTo(new Fault(kind, reason));
    assertThat(postgres.isUndone(error, Step.WRITE)).isEqualTo(isUndone);
    assertThat(postgres.isUndone(error, Step.COMMIT)).isEqualTo(isUndone);
    assertThat(postgres.isUndone(error, Step.READ)).isTrue();
  }

  @Test
  void divisionByZero_inABatchsWrites_isACollision() {
    SQLException error = new SQLException("private", "22012");
    assertThat(postgres.fault(error, Step.WRITE).kind()).isEqualTo(Kind.COLLISION);
    assertThat(postgres.fault(error, Step.READ)).isEqualTo(postgres.fault(error));
  }

  @Test
  void postgresState_ofTheCause_counts() {
    SQLException pool = new SQLTransientConnectionException("private", null, 0);
    pool.initCause(new SQLException("private", "53300"));
    assertThat(postgres.fault(pool).reason()).isEqualTo("the database has no connection to spare");
  }
}
