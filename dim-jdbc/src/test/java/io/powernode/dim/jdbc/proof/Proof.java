package io.powernode.dim.jdbc.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.proof.Client.Ended;
import io.powernode.dim.spi.StateStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One database, processes that share it, clients that keep them busy, and the auditor of all. */
final class Proof implements Closeable {
  private static final int CLIENTS = Boolean.getBoolean("soak") ? 24 : 12;
  private static final int HANDED_IN_AGAIN = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Database database;
  private final Path folder;
  private final long seed;
  private final Auditor auditor = new Auditor();
  private final Fleet fleet;
  private final Load load;
  private int started;

  /**
   * A proof.
   *
   * @param folder for everything that is written
   * @param ttl of sessions
   * @param seed from which jobs and faults are drawn
   */
  Proof(Database database, Path folder, Duration ttl, long seed) throws IOException {
    this.database = database;
    this.folder = folder;
    this.seed = seed;
    fleet = new Fleet(auditor, folder, ttl);
    load = new Load(fleet, auditor, CLIENTS, seed);
  }

  Auditor auditor() {
    return auditor;
  }

  int jobsEnded() {
    return load.ended();
  }

  Child start() {
    return start(database);
  }

  /** Starts a process that reaches the database by another way. */
  Child start(Database way) {
    return fleet.start("p" + ++started, way, seed + started);
  }

  /** Waits until somebody who hands a job in, or asks for anything, is told to come again. */
  void awaitRefusal() {
    int refused = auditor.count(Auditor.REFUSED);
    load.oneMore();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(auditor.count(Auditor.REFUSED)).isGreaterThan(refused));
  }

  /** Compares what the store has with what is known, while no process runs. */
  void audit() throws IOException {
    database.read(auditor::read);
  }

  /**
   * Sees all jobs to their end, and compares everything with everything.
   *
   * @return what happened, in short
   */
  String finish() throws IOException, InterruptedException {
    List<Ended> ended = load.finish();
    fleet.close();
    auditor.finish();
    database.read(
        store -> {
          auditor.claims().checkAll(store);
          int jobs = count(store);
          if (jobs != ended.size()) {
            auditor.history().fault("store", jobs + " jobs instead of " + ended.size());
          }
        });
    try (Fleet last = new Fleet(auditor, folder, Duration.ofSeconds(2))) {
      last.start("last", database, seed);
      Client client = new Client(last, auditor, seed);
      ended.forEach(job -> audit(client, job));
    }
    assertThat(auditor.history().faults()).as("seed %d", seed).isEmpty();
    return summary(ended);
  }

  private void audit(Client client, Ended job) {
    Optional<Ended> now = client.look(job.jobId(), job.number());
    if (!now.equals(Optional.of(job))) {
      auditor.history().fault(job.jobId(), "ended as " + job + ", and is now " + now);
    }
    if (job.number() % HANDED_IN_AGAIN == 0) {
      client.requireSame(job.jobId(), job.number());
    }
    auditor
        .world()
        .audit(job.jobId(), job.state(), job.error(), NumberedJobs.actions(job.number()));
  }

  private static int count(StateStore store) {
    int count = 0;
    Optional<String> after = Optional.empty();
    do {
      StateStore.Page page = store.scan("jobs", "", after, 1000);
      count += page.entries().size();
      after = page.next();
    } while (after.isPresent());
    return count;
  }

  private String summary(List<Ended> ended) {
    return "seed %d, %d processes, %d jobs %s, %d tasks, %d effects, %d undone, %d entries checked"
        .formatted(
            seed,
            started,
            ended.size(),
            ended.stream()
                .map(job -> job.state() + " " + job.error())
                .collect(
                    Collectors.groupingBy(
                        Function.identity(), TreeMap::new, Collectors.counting())),
            auditor.count(Auditor.BEGIN),
            auditor.world().effects(),
            auditor.world().undone(),
            auditor.claims().checked());
  }

  @Override
  public void close() throws IOException {
    load.stop();
    fleet.close();
  }
}
