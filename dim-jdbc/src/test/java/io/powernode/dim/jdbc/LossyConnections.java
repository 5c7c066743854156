package io.powernode.dim.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Real connections, one of whose commits is lost on the way there or back when a test says so. */
final class LossyConnections implements DataSource {
  private final String url;
  private volatile Loss loss = Loss.NONE;
  private volatile CompletableFuture<Void> release = new CompletableFuture<>();
  private volatile CompletableFuture<Void> heeded = new CompletableFuture<>();

  LossyConnections(String url) {
    this.url = url;
  }

  enum Loss {
    NONE,
    /** The connection breaks before the message arrives. */
    BEFORE,
    /** It breaks when the message was heeded. */
    AFTER,
    /** It breaks on this side, and the server heeds the message when it is released. */
    LATER
  }

  /** Loses the next commit. */
  void lose(Loss next) {
    release = new CompletableFuture<>();
    heeded = new CompletableFuture<>();
    loss = next;
  }

  /** Lets the server have what was sent to it; returns when it has heeded or refused it. */
  void release() {
    release.complete(null);
    heeded.orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection real = DriverManager.getConnection(url);
    Line line = new Line(real);
    return (Connection)
        Proxy.newProxyInstance(
            Line.class.getClassLoader(), new Class<?>[] {Connection.class}, line);
  }

  /** One connection. */
  private final class Line implements InvocationHandler {
    private final Connection real;
    private volatile boolean isHeld;

    Line(Connection real) {
      this.real = real;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      if (isHeld && (method.getName().equals("close") || method.getName().equals("abort"))) {
        return null;
      }
      Object result = call(real, method, arguments);
      boolean commits =
          method.getName().equals("prepareStatement") && ((String) arguments[0]).endsWith("COMMIT");
      return commits
          ? Proxy.newProxyInstance(
              Line.class.getClassLoader(),
              new Class<?>[] {PreparedStatement.class},
              (p, m, a) -> onCommit((PreparedStatement) result, m, a))
          : result;
    }

    private Object onCommit(PreparedStatement statement, Method method, Object[] arguments)
        throws Throwable {
      Loss now = method.getName().equals("execute") ? loss : Loss.NONE;
      if (now == Loss.NONE) {
        return call(statement, method, arguments);
      }
      loss = Loss.NONE;
      switch (now) {
        case BEFORE -> real.abort(Runnable::run);
        case AFTER -> {
          statement.execute();
          real.abort(Runnable::run);
        }
        default -> {
          isHeld = true;
          release.thenRunAsync(() -> heed(statement));
        }
      }
      throw new SQLException("lost", "08006");
    }

    private void heed(PreparedStatement statement) {
      try (real) {
        statement.execute();
      } catch (SQLException refused) {
        // Nobody is there any more to be told.
      } finally {
        heeded.complete(null);
      }
    }
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
