package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.jdbc.Fault.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What PostgreSQL's error codes mean; see its documentation, appendix A. */
final class PostgresFaults {
  private PostgresFaults() {}

  static Fault of(SQLException error) {
    String state = stateOf(error);
    String reason =
        switch (state) {
          case "53100" -> "the database's disk is full";
          case "53300" -> "the database has no connection to spare";
          case "55P03" -> "another transaction keeps a row locked";
          case "57014" -> "the database took too long";
          case "57P01", "57P02" -> "the database is shutting down";
          case "57P03" -> "the database is starting or shutting down";
          case "57P05", "25P03" -> "the database ended a connection that was silent for too long";
          case "22012" -> "the database is a standby: the primary is needed";
          case "25006" -> "the database takes no writes: it is a standby, or set to read only";
          case "3D000" -> "there is no such database";
          case "42501" -> "the database's user may not do this";
          default -> ofClass(state);
        };
    return new Fault(kind(state), reason);
  }

  /** Why a store cannot be opened; some reasons do not go away by themselves. */
  static DimException atOpening(SQLException error) {
    Fault fault = of(error);
    String state = stateOf(error);
    boolean isForGood = state.startsWith("28") || state.startsWith("3D") || state.startsWith("42");
    return isForGood ? Refusal.forGood(fault.reason(), error) : fault.asException(error);
  }

  private static String ofClass(String state) {
    return switch (state.substring(0, 2)) {
      case "08" -> "the connection to the database was lost, or there is none";
      case "28" -> "the database refused user or password";
      case "53" -> "the database lacks resources";
      case "54" -> "commit: goes beyond a limit of the database; allowed: smaller ones";
      case "57" -> "the database interrupted the work";
      case "58", "XX" -> "the database reports damage or a failed disk";
      default -> "the database failed with SQLSTATE " + state;
    };
  }

  private static Kind kind(String state) {
    if (state.equals("23505")) {
      return Kind.COLLISION;
    }
    return switch (state.substring(0, 2)) {
      case "40" -> Kind.COLLISION;
      case "22", "23", "42" -> Kind.STATEMENT;
      case "54" -> Kind.IMPOSSIBLE;
      default -> Kind.DATABASE;
    };
  }

  /** Not so where the pool had none to give: the next one would be waited for as long. */
  static boolean isLost(SQLException error) {
    String state = stateOf(error);
    return !(error instanceof SQLTransientConnectionException)
        && (state.startsWith("08") || state.startsWith("57P0"));
  }

  /** Whether the server has no such function or view, or this user may not use it. */
  static boolean isUnsupported(SQLException error) {
    String state = stateOf(error);
    return state.startsWith("42") || state.startsWith("0A");
  }

  /** How {@link PostgresWrites} says that something is not as the plan has it. */
  static boolean isDivisionByZero(SQLException error) {
    return stateOf(error).equals("22012");
  }

  /** A pool that got no connection tells why in its exception's cause. */
  private static String stateOf(SQLException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && sql.getSQLState().length() == 5) {
        return sql.getSQLState();
      }
    }
    return "08000";
  }

  /**
   * Only where the server says that it failed at what it was asked, and goes on: a connection that
   * ends, for whatever reason, may have done so after the commit.
   */
  static boolean isUndone(SQLException error) {
    String state = stateOf(error);
    return switch (state.substring(0, 2)) {
      case "22", "23", "42", "53", "54", "55" -> true;
      case "40" -> !state.equals("40003");
      default -> state.equals("57014") || state.equals("25006");
    };
  }
}
