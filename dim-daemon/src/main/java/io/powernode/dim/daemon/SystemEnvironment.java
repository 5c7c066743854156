package io.powernode.dim.daemon;

import io.powernode.dim.api.Subscription;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one place in the daemon that touches the machine's clock and threads. */
final class SystemEnvironment implements NodeEnvironment {
  private final ExecutorService workers;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, daemon("dim-node-timer"));

  SystemEnvironment(int threads) {
    workers = Executors.newFixedThreadPool(threads, daemon("dim-node-worker"));
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable work) {
    workers.execute(work);
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    Future<?> timed = timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> timed.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
  }

  private static ThreadFactory daemon(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
