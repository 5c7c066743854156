package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.Environment;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Waits for stages. A thread that is interrupted meanwhile stays so, and gets UNAVAILABLE. */
final class Waiting {
  private Waiting() {}

  static <T> T on(Environment environment, CompletionStage<T> stage) {
    return on(
        environment,
        stage,
        () -> ErrorInfo.of(ErrorCode.UNAVAILABLE, "the waiting thread was interrupted"));
  }

  /**
   * Waits for a stage.
   *
   * @param interrupted asked once for what to throw, if the thread is interrupted
   */
  static <T> T on(
      Environment environment, CompletionStage<T> stage, Supplier<ErrorInfo> interrupted) {
    try {
      return environment.await(stage);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(interrupted.get(), e);
    }
  }

  /** Waits on when the thread is interrupted, and interrupts it again afterwards. */
  static <T> T uninterruptibly(Environment environment, CompletionStage<T> stage) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return environment.await(stage);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
