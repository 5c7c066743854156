package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSessionsTest {
  @TempDir Path folder;

  /** Stands still in the middle of a transaction. */
  private static final class Batch {
    private final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch writing = new CountDownLatch(1);
    private final Thread writer;

    Batch(Database database) throws InterruptedException {
      writer = new Thread(() -> database.write(on -> write()));
      writer.start();
      assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private boolean write() {
      writing.countDown();
      try {
        return written.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void requireAwaitedBy(Thread other) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> other.getState() == Thread.State.WAITING || !other.isAlive());
      assertThat(other.isAlive()).isTrue();
    }

    void finish() throws InterruptedException {
      written.countDown();
      writer.join();
    }
  }

  private Backend open(SteppedEnvironment environment) {
    return new SqliteConnector(folder.resolve("s.db")).connect(environment, 1);
  }

  /** Else what it had written could come into sight after it was over. */
  @Test
  void session_whileABatchIsWritten_endsAfterIt() throws Exception {
    try (Backend backend = open(new SteppedEnvironment())) {
      long epoch = backend.sessions().open("owner", Duration.ofMinutes(1));
      Batch batch = new Batch(backend.database());
      Thread closer = new Thread(() -> backend.sessions().end(epoch));
      closer.start();
      batch.requireAwaitedBy(closer);
      assertThat(backend.sessions().all()).allMatch(SessionState::isLive);
      batch.finish();
      closer.join();
      assertThat(backend.sessions().all()).noneMatch(SessionState::isLive);
    }
  }

  @Test
  void expiredSession_whileABatchIsWritten_isNeitherListedAsEndedNorForgotten() throws Exception {
    SteppedEnvironment environment = new SteppedEnvironment();
    try (Backend backend = open(environment)) {
      long epoch = backend.sessions().open("owner", Duration.ofMinutes(1));
      Batch batch = new Batch(backend.database());
      environment.clock.advance(Duration.ofMinutes(2));
      List<SessionState> listed = new CopyOnWriteArrayList<>();
      Thread reader = new Thread(() -> listed.addAll(backend.sessions().all()));
      reader.start();
      batch.requireAwaitedBy(reader);
      backend.sessions().forget(epoch);
      batch.finish();
      reader.join();
      assertThat(listed).containsExactly(new SessionState(epoch, "owner", Standing.ENDED));
      backend.sessions().forget(epoch);
      assertThat(backend.sessions().all()).isEmpty();
    }
  }
}
