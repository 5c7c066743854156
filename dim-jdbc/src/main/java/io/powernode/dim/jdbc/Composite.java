package io.powernode.dim.jdbc;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several statements that PostgreSQL's driver sends in one message; their parameters are arrays.
 */
final class Composite {
  private final Statements on;
  private final StringBuilder sql = new StringBuilder();
  private final List<Array> arguments = new ArrayList<>();

  Composite(Statements on) {
    this.on = on;
  }

  /** Adds a statement, after a semicolon if it is not the first. */
  Composite add(String statement, Array... values) {
    sql.append(sql.isEmpty() ? "" : "; ").append(statement);
    arguments.addAll(List.of(values));
    return this;
  }

  Array texts(List<String> values) throws SQLException {
    return on.connection().createArrayOf("text", values.toArray());
  }

  Array numbers(List<Long> values) throws SQLException {
    return on.connection().createArrayOf("bigint", values.toArray());
  }

  Array bytes(byte[][] values) throws SQLException {
    return on.connection().createArrayOf("bytea", values);
  }

  /** Runs them in their order; the answer of the first is the current one of what is returned. */
  PreparedStatement execute() throws SQLException {
    PreparedStatement statement = on.prepare(sql.toString());
    for (int i = 0; i < arguments.size(); i++) {
      statement.setArray(i + 1, arguments.get(i));
    }
    statement.execute();
    return statement;
  }
}
