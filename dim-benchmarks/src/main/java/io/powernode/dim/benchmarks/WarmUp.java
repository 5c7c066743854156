package io.powernode.dim.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What runs in a host has been running for long. One caller alone would take as long to get there.
 */
final class WarmUp {
  private static final int CALLERS = 16;

  private WarmUp() {}

  /** Runs something so often with each of several callers. */
  static void run(Runnable call, int times) {
    Runnable many =
        () -> {
          for (int i = 0; i < times; i++) {
            call.run();
          }
        };
    Stream.generate(() -> CompletableFuture.runAsync(many, task -> new Thread(task).start()))
        .limit(CALLERS)
        .toList()
        .forEach(CompletableFuture::join);
  }
}
