package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * The machine's environment but for its wall clock, which every now and then is set to the right
 * time, or two hours before or after it.
 */
final class WanderingClock implements Environment {
  private static final Duration[] OFF = {Duration.ZERO, Duration.ofHours(2), Duration.ofHours(-2)};
  private static final int READINGS = 50;

  private final Environment environment = Environment.system();
  private volatile Duration off = Duration.ZERO;

  @Override
  public Instant now() {
    if (random().nextInt(READINGS) == 0) {
      off = OFF[random().nextInt(OFF.length)];
    }
    return environment.now().plus(off);
  }

  @Override
  public long nanoTime() {
    return environment.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return environment.random();
  }

  @Override
  public String newId(String prefix) {
    return environment.newId(prefix);
  }

  @Override
  public void execute(Runnable work) {
    environment.execute(work);
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    return environment.schedule(delay, action);
  }

  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    return environment.await(stage);
  }

  @Override
  public void close() {
    environment.close();
  }
}
