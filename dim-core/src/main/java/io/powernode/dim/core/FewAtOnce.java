package io.powernode.dim.core;

import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Does so much work at once and no more, in the order in which it comes, on the environment's
 * threads. Thread-safe.
 */
final class FewAtOnce implements Executor {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Environment environment;
  private final int most;
  private final Object lock = new Object();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int threads;

  /**
   * Nothing to do yet.
   *
   * @param most how much at once, 1 or more
   */
  FewAtOnce(Environment environment, int most) {
    this.environment = environment;
    this.most = most;
  }

  @Override
  public void execute(Runnable work) {
    synchronized (lock) {
      waiting.add(work);
      if (threads == most) {
        return;
      }
      threads++;
    }
    Routine.start(environment, Duration.ZERO, PAUSE, "some work failed", this::workOff);
  }

  private boolean workOff() {
    for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
      next.get().run();
    }
    return false;
  }

  private Optional<Runnable> next() {
    synchronized (lock) {
      Optional<Runnable> next = Optional.ofNullable(waiting.poll());
      threads -= next.isEmpty() ? 1 : 0;
      return next;
    }
  }
}
