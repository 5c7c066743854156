package io.powernode.dim.jdbc;

class SqliteUpkeepTest extends StoreUpkeepTest {
  @Override
  Connector connector() {
    return new SqliteConnector(folder.resolve("store.db"));
  }
}
