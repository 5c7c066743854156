package io.powernode.dim.jdbc.proof;

import io.powernode.dim.jdbc.proof.Client.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Clients that hand in one job after the other until they are told to stop. */
final class Load {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Fleet fleet;
  private final Auditor auditor;
  private final long seed;
  private final AtomicLong next;
  private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
  private final List<Future<?>> clients = new ArrayList<>();
  private volatile boolean stopping;

  Load(Fleet fleet, Auditor auditor, int clients, long seed) {
    this.fleet = fleet;
    this.auditor = auditor;
    this.seed = seed;
    next = new AtomicLong(seed << 32);
    for (int i = 0; i < clients; i++) {
      start(this::work);
    }
  }

  /** Another client hands in one job: the others may all be waiting for theirs. */
  void oneMore() {
    start(this::see);
  }

  private void start(Consumer<Client> work) {
    Client client = new Client(fleet, auditor, seed + clients.size());
    clients.add(threads.submit(() -> work.accept(client)));
  }

  private void work(Client client) {
    while (!stopping) {
      see(client);
    }
  }

  private void see(Client client) {
    long number = next.getAndIncrement();
    try {
      client.see(number).ifPresent(ended::add);
    } catch (RuntimeException e) {
      auditor.history().fault("number " + number, e.toString());
      stopping = true;
    }
  }

  /** How many jobs have ended. */
  int ended() {
    return ended.size();
  }

  /** Sends the clients away, whatever they are at. */
  void stop() {
    stopping = true;
    threads.shutdownNow();
  }

  /** Lets every client see its job to the end; all jobs that ended. */
  List<Ended> finish() throws InterruptedException {
    stopping = true;
    threads.shutdown();
    try {
      for (Future<?> client : clients) {
        client.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return List.copyOf(ended);
  }
}
