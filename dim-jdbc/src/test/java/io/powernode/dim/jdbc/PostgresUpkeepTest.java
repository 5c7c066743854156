package io.powernode.dim.jdbc;

class PostgresUpkeepTest extends StoreUpkeepTest {
  @Override
  Connector connector() {
    return PostgresConnector.of(Databases.postgres().freshSchema(), "postgres", "");
  }
}
