package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A process that stops while it sends a message must not keep its locks for ever. */
class TransactionTimeoutTest {
  @Test
  void transactionTimeout_whereThereIsOne_isSetAndLifted() throws SQLException {
    try (Connection on = DriverManager.getConnection(Databases.postgres().freshDatabase());
        Statement statement = on.createStatement()) {
      assumeTrue(on.getMetaData().getDatabaseMajorVersion() >= 17, "needs PostgreSQL 17 or later");
      statement.execute(PostgresDialect.transactionTimeout("6s", false));
      assertThat(timeout(statement)).isEqualTo("6s");
      on.setAutoCommit(false);
      statement.execute(PostgresDialect.transactionTimeout("0", true));
      assertThat(timeout(statement)).isEqualTo("0");
      on.rollback();
      assertThat(timeout(statement)).isEqualTo("6s");
    }
  }

  private static String timeout(Statement statement) throws SQLException {
    try (ResultSet found = statement.executeQuery("SHOW transaction_timeout")) {
      found.next();
      return found.getString(1);
    }
  }
}
