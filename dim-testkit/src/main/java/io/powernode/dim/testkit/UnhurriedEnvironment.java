package io.powernode.dim.testkit;

import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An environment in which a moment passes before anybody goes on who waited. An orchestrator holds
 * back for less than that what nobody waits for: so every step is durable before an engine does
 * anything more, as most are where there is real work, and not only where a job ends.
 */
final class UnhurriedEnvironment extends ForwardingEnvironment {
  private static final Duration MOMENT = Duration.ofMillis(10);

  UnhurriedEnvironment(Environment environment) {
    super(environment);
  }

  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    T value = super.await(stage);
    CompletableFuture<Void> later = new CompletableFuture<>();
    schedule(MOMENT, () -> later.complete(null));
    super.await(later);
    return value;
  }
}
