package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.Fault.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientException;

/** What SQLite's primary result codes mean; see "Result and Error Codes" in its documentation. */
final class SqliteFaults {
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int READONLY = 8;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int TOOBIG = 18;
  private static final int NOTADB = 26;
  private static final String TOO_LARGE =
      "value: is too large for the database; allowed: smaller ones, or a store with blobs";
  private static final int PRIMARY = 0xff;

  private SqliteFaults() {}

  static Fault of(SQLException error) {
    return switch (error.getErrorCode() & PRIMARY) {
      case BUSY, LOCKED -> database("another program has locked the store's file");
      case READONLY -> database("the store's file cannot be written");
      case IOERR -> database("the disk failed");
      case CORRUPT, NOTADB -> database("the store's file is damaged: restore it from a backup");
      case FULL -> new Fault(Kind.STATEMENT, "the disk is full");
      case CANTOPEN -> database("the store's file cannot be opened");
      case TOOBIG -> new Fault(Kind.IMPOSSIBLE, TOO_LARGE);
      case 0 ->
          database(
              error instanceof SQLTransientException
                  ? "too many read at once: no connection became free"
                  : "the store is closed");
      default -> new Fault(Kind.STATEMENT, "the database failed with code " + error.getErrorCode());
    };
  }

  static boolean isDamage(SQLException error) {
    int code = error.getErrorCode() & PRIMARY;
    return code == CORRUPT || code == NOTADB;
  }

  private static Fault database(String reason) {
    return new Fault(Kind.DATABASE, reason);
  }

  /**
   * A transaction's commit record is the last that is written, so one for which there was no space
   * is not on the disk. After any other error it may be, and count after a crash unless it is
   * overwritten first.
   */
  static boolean isUndone(SQLException atCommit) {
    int code = atCommit.getErrorCode() & PRIMARY;
    return code == FULL || code == BUSY;
  }
}
