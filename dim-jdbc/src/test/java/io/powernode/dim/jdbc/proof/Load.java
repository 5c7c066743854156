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

/** Clients that hand in one job after the other until they are told to stop. */
final class Load {
  private final ExecutorService threads;
  private final AtomicLong next;
  private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
  private final List<Future<?>> clients = new ArrayList<>();
  private volatile boolean stopping;

  Load(Fleet fleet, Auditor auditor, int clients, long seed) {
    next = new AtomicLong(seed << 32);
    threads = Executors.newFixedThreadPool(clients);
    for (int i = 0; i < clients; i++) {
      Client client = new Client(fleet, auditor, seed + i);
      this.clients.add(threads.submit(() -> work(client)));
    }
  }

  private void work(Client client) {
    while (!stopping) {
      client.see(next.getAndIncrement()).ifPresent(ended::add);
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
