package io.powernode.dim.jdbc;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** The machine's threads, and a clock that goes on when it is told to. */
final class SteppedEnvironment implements Environment {
  final SettableClock clock = new SettableClock();
  private final Environment system = Environment.system();

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return system.random();
  }

  @Override
  public String newId(String prefix) {
    return system.newId(prefix);
  }

  @Override
  public void execute(Runnable work) {
    system.execute(work);
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    return system.schedule(delay, action);
  }

  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    return system.await(stage);
  }

  @Override
  public void close() {
    system.close();
  }
}
