package io.powernode.dim.jdbc.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.Databases;
import io.powernode.dim.jdbc.PostgresProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes away under load, or the way to it. */
@Tag("slow")
class DatabaseLossTest {
  private static final boolean SOAK = Boolean.getBoolean("soak");
  private static final int STOPS = SOAK ? 20 : 3;
  private static final int CUTS = SOAK ? 200 : 10;
  private static final int MOST_REPORTS = 400;
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long SEED = Long.getLong("seed", 1);

  @TempDir Path folder;

  @Test
  void jobs_whoseDatabaseStopsAndStarts_areRefusedMeanwhileAndEndOnce() throws Exception {
    PostgresProcess postgres = Databases.postgresProcess();
    Database database = new Database.Postgres(Databases.postgres().freshDatabase());
    SplittableRandom random = new SplittableRandom(SEED);
    try (Proof proof = new Proof(database, folder, LEASE, SEED)) {
      Child child = proof.start();
      for (int i = 0; i < STOPS; i++) {
        child
            .reported(1 + random.nextInt(MOST_REPORTS))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (random.nextBoolean()) {
          postgres.stop();
        } else {
          postgres.kill();
        }
        proof.awaitRefusal();
        postgres.start();
      }
      System.out.println(STOPS + " stops of PostgreSQL: " + proof.finish());
    }
  }

  @Test
  void jobs_whoseConnectionIsCutAroundACommit_endOnce() throws Exception {
    PostgresProcess postgres = Databases.postgresProcess();
    String url = Databases.postgres().freshDatabase();
    try (Proof proof = new Proof(new Database.Postgres(url), folder, LEASE, SEED);
        CuttingProxy proxy = new CuttingProxy(postgres.port(), SEED)) {
      proof.start(new Database.Postgres(proxy.url(url)));
      await().atMost(Duration.ofMinutes(10)).until(() -> proxy.cutAfterCommit() >= CUTS);
      String summary = proof.finish();
      System.out.printf(
          "%d commits cut from their answer, %d unsure, %d of them resolved: %s%n",
          proxy.cutAfterCommit(),
          proof.auditor().count(Auditor.UNSURE),
          proof.auditor().count(Auditor.RESOLVED),
          summary);
      assertThat(proof.auditor().count(Auditor.UNSURE)).isPositive();
      assertThat(proof.auditor().count(Auditor.RESOLVED)).isPositive();
    }
  }
}
