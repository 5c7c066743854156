package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.jdbc.Connector.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSessionsTest {
  @TempDir Path folder;

  /** Else what it had written could come into sight after it was over. */
  @Test
  void session_whileABatchIsWritten_endsAfterIt() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    try (Backend backend =
        new SqliteConnector(folder.resolve("s.db")).connect(new SteppedEnvironment(), 1)) {
      long epoch = backend.sessions().open("owner", Duration.ofMinutes(1));
      Thread writer =
          new Thread(
              () ->
                  backend
                      .database()
                      .write(
                          on -> {
                            writing.countDown();
                            return awaited(written);
                          }));
      writer.start();
      assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
      Thread closer = new Thread(() -> backend.sessions().end(epoch));
      closer.start();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> closer.getState() == Thread.State.WAITING || !closer.isAlive());
      assertThat(closer.isAlive()).isTrue();
      assertThat(backend.sessions().all()).allMatch(session -> session.isLive());
      written.countDown();
      writer.join();
      closer.join();
      assertThat(backend.sessions().all()).noneMatch(session -> session.isLive());
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
