package io.powernode.dim.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemEnvironmentTest {
  private final AtomicInteger refusals = new AtomicInteger();

  /** Threads of a machine that has none left for a while. */
  private final class Scarce extends ThreadPoolExecutor {
    Scarce() {
      super(0, 8, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
    }

    @Override
    public void execute(Runnable work) {
      if (refusals.getAndDecrement() > 0) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      super.execute(work);
    }
  }

  @Test
  void work_whenThereIsNoThread_isDoneOnceThereIs() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(2);
    try (SystemEnvironment environment = new SystemEnvironment(new Scarce(), false)) {
      refusals.set(3);
      environment.execute(done::countDown);
      environment.schedule(Duration.ofMillis(1), done::countDown);

      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(refusals).hasNonPositiveValue();
    }
  }
}
