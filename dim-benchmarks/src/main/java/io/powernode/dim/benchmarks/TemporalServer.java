package io.powernode.dim.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Temporal's development server in a process of its own, on an SQLite database in a folder for
 * temporary files. Ends with {@link #close}, or with this process.
 */
final class TemporalServer implements AutoCloseable {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final int port;
  private final Path folder;
  private final Thread hook = new Thread(this::end);

  private TemporalServer(Process process, int port, Path folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
  }

  static TemporalServer start(Path program) {
    try {
      Path folder = Files.createTempDirectory("dim-bench");
      int port = freePort();
      ProcessBuilder builder =
          new ProcessBuilder(command(program, port, folder.resolve("temporal.db")))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile());
      builder.environment().put("TEMPORAL_VERSION_CHECK_DISABLED", "1");
      TemporalServer server = new TemporalServer(builder.start(), port, folder);
      Runtime.getRuntime().addShutdownHook(server.hook);
      server.awaitReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the mode in which SQLite writes soonest and loses nothing, which is not its own default. */
  private static List<String> command(Path program, int port, Path database) {
    return List.of(
        program.toString(),
        "server",
        "start-dev",
        "--headless",
        "--ip",
        address(),
        "--port",
        Integer.toString(port),
        "--db-filename",
        database.toString(),
        "--sqlite-pragma",
        "journal_mode=WAL",
        "--sqlite-pragma",
        "synchronous=FULL",
        "--log-level",
        "error");
  }

  private static String address() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException {
    long start = System.nanoTime();
    while (!isListening()) {
      if (!process.isAlive() || System.nanoTime() - start > MOST_NANOS) {
        String log = Files.readString(folder.resolve("log"));
        close();
        throw new IOException("Temporal's server does not start: " + log);
      }
      pause();
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Host and port. */
  String target() {
    return address() + ":" + port;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    end();
  }
}
