package io.powernode.dim.jdbc.proof;

import io.powernode.dim.testkit.FakeModels;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The processes under test, and the door at which they report. Thread-safe. */
final class Fleet implements Closeable {
  private static final int MODELS = 6;

  private final Auditor auditor;
  private final Path folder;
  private final Duration ttl;
  private final ServerSocket door;
  private final Map<String, CompletableFuture<Child>> known = new ConcurrentHashMap<>();
  private final List<Child> serving = new CopyOnWriteArrayList<>();

  Fleet(Auditor auditor, Path folder, Duration ttl) throws IOException {
    this.auditor = auditor;
    this.folder = folder;
    this.ttl = ttl;
    for (int i = 0; i < MODELS; i++) {
      Files.write(folder.resolve("m" + i), FakeModels.file("m" + i));
    }
    door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    start(this::open);
  }

  /** Starts a process; the name is used only once. */
  Child start(String name, Database database, long seed) {
    OrchestratorProcess.Settings settings =
        new OrchestratorProcess.Settings(
            door.getLocalPort(), name, ttl.toMillis(), seed, folder, database);
    Path log = folder.resolve(name + ".log");
    CompletableFuture<Child> started = new CompletableFuture<>();
    known.put(name, started);
    Child child = Child.start(settings, log, () -> tellDeath(name, log));
    started.complete(child);
    serving.add(child);
    return child;
  }

  private void tellDeath(String name, Path log) {
    String why;
    try {
      why = Files.readString(log);
    } catch (IOException e) {
      why = e.toString();
    }
    auditor.history().fault("process " + name, "died by itself: " + why);
  }

  /** A process that is alive, or at least was just now. */
  Child any(RandomGenerator random) throws IOException {
    serving.removeIf(child -> !child.isAlive());
    List<Child> alive = List.copyOf(serving);
    if (alive.isEmpty()) {
      throw new IOException("no process serves");
    }
    return alive.get(random.nextInt(alive.size()));
  }

  private void open() {
    while (!door.isClosed()) {
      try {
        Socket socket = door.accept();
        start(() -> welcome(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void welcome(Socket socket) {
    try {
      Wire wire = new Wire(socket);
      List<String> hello = wire.read();
      Child child = known.get(hello.get(1)).join();
      if (hello.get(0).equals(Auditor.REPORTS)) {
        child.hear(wire, auditor);
      } else {
        child.obey(wire);
      }
    } catch (IOException dead) {
      return;
    } catch (RuntimeException e) {
      auditor.history().fault("auditor", e.toString());
      throw e;
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "auditor");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    known.values().forEach(started -> started.join().close());
    door.close();
  }
}
