package io.powernode.dim.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to PostgreSQL that count how often something is sent and answered: statements that
 * are run, however many one message has, and commits and rollbacks.
 *
 * @param url for JDBC
 * @param trips so far
 */
record CountedConnections(String url, AtomicLong trips) {

  /** Where a store takes them from. */
  DataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    return wrap(DataSource.class, source);
  }

  private <T> T wrap(Class<T> type, T inner) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              String name = method.getName();
              if (name.startsWith("execute") || name.equals("commit") || name.equals("rollback")) {
                trips.incrementAndGet();
              }
              try {
                return wrapped(method.invoke(inner, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private Object wrapped(Object answer) {
    if (answer instanceof Connection connection) {
      return wrap(Connection.class, connection);
    }
    return answer instanceof PreparedStatement statement
        ? wrap(PreparedStatement.class, statement)
        : answer;
  }
}
