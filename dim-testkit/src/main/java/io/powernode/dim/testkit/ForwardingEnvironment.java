package io.powernode.dim.testkit;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** An environment that does what another one does: to change one thing of it. */
public abstract class ForwardingEnvironment implements Environment {
  private final Environment environment;

  /** In front of this environment. */
  protected ForwardingEnvironment(Environment environment) {
    this.environment = environment;
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
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    return environment.await(stage);
  }

  @Override
  public void close() {
    environment.close();
  }
}
