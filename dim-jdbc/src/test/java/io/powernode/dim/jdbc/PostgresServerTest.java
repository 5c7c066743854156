package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerTest {
  private final PostgresServer server = Databases.postgres();

  @ParameterizedTest
  @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
  void setting_ofDurability_isOn(String name) {
    assertThat(server.setting(name)).isEqualTo("on");
  }

  @Test
  void server_ofToday_isNotOlderThanTheOldestSupported() {
    assertThat(Integer.parseInt(server.setting("server_version_num"))).isGreaterThan(140_000);
  }

  @Test
  void freshDatabase_eachTime_isEmpty() throws SQLException {
    for (int i = 0; i < 2; i++) {
      String url = server.freshDatabase();
      assertThat(count(url, "pg_tables WHERE schemaname = 'public'")).isZero();
      execute(url, "CREATE TABLE mine (id int)");
    }
  }

  @Test
  void process_killedAndStarted_hasWhatWasCommitted() throws SQLException {
    PostgresProcess process = Databases.postgresProcess();
    String url = server.freshDatabase();
    execute(url, "CREATE TABLE mine (id int)");
    execute(url, "INSERT INTO mine VALUES (1)");
    process.kill();
    process.start();
    assertThat(count(url, "mine")).isOne();
    process.stop();
    process.start();
    assertThat(count(url, "mine")).isOne();
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(String url, String from) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
      row.next();
      return row.getInt(1);
    }
  }
}
