package io.powernode.dim.jdbc.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.jdbc.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One orchestrator, killed at random moments, again and again. */
@Tag("slow")
class KillLoopTest {
  private static final boolean SOAK = Boolean.getBoolean("soak");
  private static final int KILLS = SOAK ? 100 : 20;
  private static final int JOBS = SOAK ? 10_000 : 100;
  private static final int MOST_REPORTS = SOAK ? 3_000 : 400;
  private static final long SEED = Long.getLong("seed", 1);

  @TempDir Path folder;

  @Test
  void jobs_onSqlite_endOnceWhateverIsKilled() throws Exception {
    prove(new Database.Sqlite(folder.resolve("state.db")));
  }

  @Test
  void jobs_onPostgres_endOnceWhateverIsKilled() throws Exception {
    prove(new Database.Postgres(Databases.postgres().freshDatabase()));
  }

  private void prove(Database database) throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Proof proof = new Proof(database, folder, Duration.ofSeconds(1), SEED)) {
      int kills = 0;
      while (kills < KILLS || proof.jobsEnded() < JOBS) {
        Child child = proof.start();
        child.reported(1 + random.nextInt(MOST_REPORTS)).thenRun(child::kill);
        child.awaitDeath();
        kills++;
        proof.audit();
      }
      proof.start();
      String summary = proof.finish();
      System.out.println(
          kills + " kills on " + database.getClass().getSimpleName() + ": " + summary);
      assertThat(proof.auditor().world().undone()).isPositive();
    }
  }
}
