package io.powernode.dim.benchmarks;

import io.powernode.dim.benchmarks.JobRows.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Writes rows in a plain loop: takes what waits, writes it, commits, and tells those who wait. No
 * guards, nothing read before it is written, nothing encoded.
 */
final class BareWriter {
  private static final int BATCH = 512;
  private static final Todo END = new Todo("", "", List.of(), new CompletableFuture<>());

  private final Connection connection;
  private final BlockingQueue<Todo> queue = new ArrayBlockingQueue<>(2 * BATCH);
  private final Thread thread = new Thread(this::run, "bare-writer");
  private final PreparedStatement put;
  private final PreparedStatement delete;
  private final PreparedStatement list;
  private final PreparedStatement unlist;
  private final PreparedStatement log;
  private long changes;

  /** Rows of a job under another id. */
  private record Todo(
      String jobId, String newId, List<Part> parts, CompletableFuture<Void> durable) {
    String renamed(String key) {
      return key.replace(jobId, newId);
    }
  }

  BareWriter(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE entries (key TEXT PRIMARY KEY, value BLOB)");
      statement.execute("CREATE TABLE lines (line TEXT PRIMARY KEY) WITHOUT ROWID");
      statement.execute("CREATE TABLE changes (at INTEGER PRIMARY KEY, keys TEXT)");
    }
    connection.commit();
    put = connection.prepareStatement("INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)");
    delete = connection.prepareStatement("DELETE FROM entries WHERE key = ?");
    list = connection.prepareStatement("INSERT INTO lines (line) VALUES (?)");
    unlist = connection.prepareStatement("DELETE FROM lines WHERE line = ?");
    log = connection.prepareStatement("INSERT INTO changes (at, keys) VALUES (?, ?)");
    thread.start();
  }

  /** Writes parts of a job as if it had another id; returns when they are durable. */
  void write(String jobId, String newId, List<Part> parts) throws InterruptedException {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    queue.put(new Todo(jobId, newId, parts, durable));
    durable.join();
  }

  private void run() {
    List<Todo> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        if (batch.remove(END)) {
          return;
        }
        for (Todo todo : batch) {
          write(todo);
        }
        connection.commit();
        batch.forEach(todo -> todo.durable.complete(null));
        batch.clear();
      }
    } catch (SQLException | InterruptedException e) {
      batch.forEach(todo -> todo.durable.completeExceptionally(e));
    }
  }

  private void write(Todo todo) throws SQLException {
    for (Part part : todo.parts) {
      for (Map.Entry<String, byte[]> entry : part.puts().entrySet()) {
        put.setString(1, todo.renamed(entry.getKey()));
        put.setBytes(2, entry.getValue());
        put.executeUpdate();
      }
      run(delete, todo, part.deletes());
      run(unlist, todo, part.unlisted());
      run(list, todo, part.listed());
      log.setLong(1, ++changes);
      log.setString(2, todo.renamed(part.change()));
      log.executeUpdate();
    }
  }

  private static void run(PreparedStatement statement, Todo todo, List<String> keys)
      throws SQLException {
    for (String key : keys) {
      statement.setString(1, todo.renamed(key));
      statement.executeUpdate();
    }
  }

  /** Writes what waits, and ends. */
  void end() throws InterruptedException, SQLException {
    queue.put(END);
    thread.join();
    connection.close();
  }
}
