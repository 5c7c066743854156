package io.powernode.dim.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PostgreSQL server process on the loopback address, in a folder of its own. PostgreSQL refuses
 * to run as root, which therefore lends it to the user {@code nobody}. Thread-safe.
 */
public final class PostgresProcess {
  /** Below the ports of outgoing connections, so that none takes the server's while it is down. */
  private static final int FIRST_PORT = 15_000;

  private static final int PORTS = 15_000;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "max_connections", "200",
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "");

  private final PostgresBinaries binaries;
  private final Path data;
  private final int port;

  private PostgresProcess(PostgresBinaries binaries, String data, int port) {
    this.binaries = binaries;
    this.data = binaries.home().resolve(data);
    this.port = port;
  }

  /**
   * A new server, running. Its text is sorted by language, as on most servers, and not by bytes.
   */
  static PostgresProcess create(PostgresBinaries binaries) {
    PostgresProcess process = new PostgresProcess(binaries, "data", freePort());
    binaries.run(
        "initdb",
        "--pgdata=" + process.data,
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=icu",
        "--icu-locale=en-US",
        "--no-instructions");
    process.start();
    return process;
  }

  /**
   * A copy of the whole server as {@code pg_basebackup} makes it, not running. It lies in the
   * folder of this one, which is to be deleted after the copy was killed.
   */
  PostgresProcess baseBackup(String name, String... options) {
    PostgresProcess copy = new PostgresProcess(binaries, name, freePort());
    List<String> arguments = new ArrayList<>(List.of("--pgdata=" + copy.data, "--checkpoint=fast"));
    arguments.addAll(List.of(options));
    run("pg_basebackup", arguments.toArray(String[]::new));
    return copy;
  }

  /** Runs one of PostgreSQL's programs, which is told where this server is. */
  void run(String program, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("--host=127.0.0.1", "--port=" + port, "--username=postgres"));
    all.addAll(List.of(arguments));
    binaries.run(program, all.toArray(String[]::new));
  }

  /** Makes a standby the primary. */
  void promote() {
    control("promote");
  }

  /** The JDBC URL of one of its databases. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  /** The port on which it listens, also after it was stopped and started. */
  public int port() {
    return port;
  }

  /** Starts it, recovering from its log if need be; returns when it takes connections. */
  public synchronized void start() {
    String options =
        SETTINGS.entrySet().stream()
            .map(setting -> "-c " + setting.getKey() + "='" + setting.getValue() + "'")
            .collect(Collectors.joining(" ", "-p " + port + " ", ""));
    control("start", "--log=" + data.resolve("server.log"), "--options=" + options);
  }

  /** Stops it in good order, cutting every connection. */
  public synchronized void stop() {
    control("stop", "--mode=fast");
  }

  /** Kills all its processes at once with SIGKILL, as the death of the machine would. */
  public synchronized void kill() {
    List<ProcessHandle> all = new ArrayList<>();
    ProcessHandle.of(pid())
        .ifPresent(
            server -> {
              all.add(server);
              server.descendants().forEach(all::add);
            });
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** Ends it for good and deletes its folder. */
  synchronized void delete() {
    kill();
    try (Stream<Path> files = Files.walk(binaries.home())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void control(String command, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--pgdata=" + data, "--wait", "--timeout=60"));
    arguments.addAll(List.of(options));
    binaries.run("pg_ctl", arguments.toArray(String[]::new));
  }

  private long pid() {
    try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
      return Long.parseLong(lines.findFirst().orElseThrow());
    } catch (IOException notRunning) {
      return -1;
    }
  }

  private static int freePort() {
    while (true) {
      int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }
}
