package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerTest {
  private final SteppedEnvironment environment = new SteppedEnvironment();
  private final AtomicInteger ticks = new AtomicInteger();

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void work_thatFails_isDoneAgain() {
    Ticker ticker =
        new Ticker(
            environment,
            Duration.ofMillis(1),
            () -> true,
            () -> {
              if (ticks.incrementAndGet() == 1) {
                throw new AssertionError("a defect, on purpose");
              }
            });
    try (ticker) {
      ticker.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> ticks.get() > 1);
    }
  }

  @Test
  void chore_thatFails_keepsNoOtherFromBeingDone() {
    Runnable failing =
        () -> {
          throw new NoClassDefFoundError("a defect, on purpose");
        };
    new Upkeep(List.of(failing, ticks::incrementAndGet)).run();
    assertThat(ticks).hasValue(1);
  }
}
