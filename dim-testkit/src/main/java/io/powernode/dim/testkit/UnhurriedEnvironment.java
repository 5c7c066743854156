package io.powernode.dim.testkit;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * An environment in which a moment passes before anybody goes on who waited. An orchestrator holds
 * back for less than that what nobody waits for: so every step is durable before an engine does
 * anything more, as most are where there is real work, and not only where a job ends.
 */
record UnhurriedEnvironment(Environment environment) implements Environment {
  private static final Duration MOMENT = Duration.ofMillis(10);

  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    T value = environment.await(stage);
    CompletableFuture<Void> later = new CompletableFuture<>();
    environment.schedule(MOMENT, () -> later.complete(null));
    environment.await(later);
    return value;
  }

  @Override
  public Instant now() {
    return environment.now();
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
  public void close() {
    environment.close();
  }
}
