package io.powernode.dim.jdbc.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.Databases;
import io.powernode.dim.spi.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three orchestrators on one database, killed, or paused for longer than their lease. */
@Tag("slow")
class SharedStoreTest {
  private static final boolean SOAK = Boolean.getBoolean("soak");
  private static final int DISTURBANCES = SOAK ? 60 : 6;
  private static final int JOBS = SOAK ? 5_000 : 100;
  private static final int MOST_REPORTS = 300;
  private static final int ORCHESTRATORS = 3;
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration LONGEST_TAKE_OVER = LEASE.plusSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long SEED = Long.getLong("seed", 1);

  @TempDir Path folder;

  @Test
  void jobs_ofThreeOrchestrators_endOnceWhoeverIsKilledOrPaused() throws Exception {
    Database database = new Database.Postgres(Databases.postgres().freshDatabase());
    SplittableRandom random = new SplittableRandom(SEED);
    try (Proof proof = new Proof(database, folder, LEASE, SEED);
        StateStore store = database.store().build()) {
      proof.auditor().look(store);
      List<Child> children = new ArrayList<>();
      while (children.size() < ORCHESTRATORS) {
        children.add(proof.start());
      }
      int paused = 0;
      for (int i = 0; i < DISTURBANCES || proof.jobsEnded() < JOBS; i++) {
        Child victim = children.get(random.nextInt(ORCHESTRATORS));
        victim
            .reported(1 + random.nextInt(MOST_REPORTS))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (i % 2 == 0) {
          paused++;
          pause(victim, proof, store);
        } else {
          proof.auditor().ownership().gone(victim.name());
          victim.kill();
          victim.awaitDeath();
          proof.auditor().read(store);
          children.set(children.indexOf(victim), proof.start());
        }
      }
      String summary = proof.finish();
      Ownership ownership = proof.auditor().ownership();
      List<Long> takeOvers = ownership.takeOverMillis();
      long p99 = takeOvers.get(takeOvers.size() * 99 / 100);
      System.out.printf(
          "three orchestrators: %s, %d pauses, %d commits, %d tasks and %d effects fenced, %d jobs"
              + " taken over, p50 %d ms, p99 %d ms%n",
          summary,
          paused,
          ownership.refusals(),
          proof.auditor().count(Auditor.FENCED),
          proof.auditor().count(Auditor.STALE),
          takeOvers.size(),
          takeOvers.get(takeOvers.size() / 2),
          p99);
      assertThat(ownership.refusals()).as("attempts of fenced writers").isPositive();
      assertThat(p99).as("take-over in ms").isLessThan(LONGEST_TAKE_OVER.toMillis());
    }
  }

  /** Until its session has expired and others have its jobs. */
  private static void pause(Child victim, Proof proof, StateStore store) {
    victim.pause();
    Ownership ownership = proof.auditor().ownership();
    ownership.gone(victim.name());
    Set<Long> epochs = live(victim, store);
    await().atMost(PATIENCE).until(() -> live(victim, store).isEmpty());
    epochs.forEach(ownership::ended);
    await().atMost(PATIENCE).until(() -> ownership.orphans(store).isEmpty());
    victim.resume();
  }

  private static Set<Long> live(Child child, StateStore store) {
    return store.sessions().stream()
        .filter(session -> session.isLive() && session.owner().equals(child.owner()))
        .map(StateStore.SessionState::epoch)
        .collect(Collectors.toSet());
  }
}
