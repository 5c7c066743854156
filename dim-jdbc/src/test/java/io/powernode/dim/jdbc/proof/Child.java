package io.powernode.dim.jdbc.proof;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process under test, as its auditor has it in hand. Thread-safe. */
final class Child implements Closeable {
  /** Names libfaketime, so that the machine's clock is off as well as the orchestrator's. */
  private static final String FAKETIME = "dim.test.faketime";

  private static final int PATIENCE_SECONDS = 300;
  private static final int HEARING_SECONDS = 10;
  private static final int POLL_MILLIS = 100;

  private final String name;
  private final Process process;
  private final BlockingQueue<Wire> commands = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> heardOut = new CompletableFuture<>();
  private final Map<Integer, CompletableFuture<Void>> awaited = new HashMap<>();
  private int reports;
  private volatile boolean killed;

  private Child(String name, Process process, Runnable onDeathByItself) {
    this.name = name;
    this.process = process;
    process.onExit().thenRun(() -> dead(onDeathByItself));
  }

  /**
   * Starts a process.
   *
   * @param onDeathByItself run if it ends though nobody killed it
   */
  static Child start(OrchestratorProcess.Settings settings, Path log, Runnable onDeathByItself) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            OrchestratorProcess.class.getName()));
    command.addAll(List.of(settings.arguments()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    String library = System.getProperty(FAKETIME, "");
    if (!library.isEmpty()) {
      builder.environment().put("LD_PRELOAD", library);
      builder.environment().put("FAKETIME", settings.seed() % 2 == 0 ? "+2h" : "-2h");
      builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    try {
      return new Child(settings.name(), builder.start(), onDeathByItself);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** What its sessions are known by in the store. */
  String owner() {
    return OrchestratorProcess.owner(name);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Completes when the process has made so many more reports, before the last one is answered.
   *
   * @param more 1 or more
   */
  synchronized CompletableFuture<Void> reported(int more) {
    if (!isAlive()) {
      return CompletableFuture.failedFuture(new IOException("dead"));
    }
    return awaited.computeIfAbsent(reports + more, n -> new CompletableFuture<>());
  }

  private synchronized CompletableFuture<Void> reported() {
    return Optional.ofNullable(awaited.remove(++reports)).orElseGet(CompletableFuture::new);
  }

  private synchronized void dead(Runnable onDeathByItself) {
    awaited.values().forEach(waiting -> waiting.completeExceptionally(new IOException("dead")));
    awaited.clear();
    if (!killed) {
      onDeathByItself.run();
    }
  }

  void kill() {
    killed = true;
    process.destroyForcibly();
  }

  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String which) {
    try {
      new ProcessBuilder("kill", "-" + which, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it is dead, and everything that it had reported is heard. */
  void awaitDeath() {
    process.onExit().completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (isAlive()) {
      kill();
      throw new IllegalStateException(name + " neither reports nor dies");
    }
    heardOut.completeOnTimeout(null, HEARING_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Hears a wire out. */
  void hear(Wire wire, Auditor auditor) {
    try {
      while (true) {
        List<String> report = wire.read();
        reported().complete(null);
        auditor.hear(name, report).ifPresent(answer -> tell(wire, answer));
      }
    } catch (IOException end) {
      heardOut.complete(null);
    }
  }

  /** What a process reported before it died is heard all the same. */
  private static void tell(Wire wire, String answer) {
    try {
      wire.tell(answer);
    } catch (IOException dead) {
      return;
    }
  }

  void obey(Wire wire) {
    commands.add(wire);
  }

  /** Has something done; {@link IOException} if it is not known whether it was. */
  List<String> ask(String... command) throws IOException {
    Wire wire = wire();
    List<String> answer = wire.ask(command);
    commands.add(wire);
    return answer;
  }

  private Wire wire() throws IOException {
    try {
      Wire wire = null;
      while (wire == null) {
        if (!isAlive()) {
          throw new IOException("dead");
        }
        wire = commands.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      return wire;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    awaitDeath();
  }
}
