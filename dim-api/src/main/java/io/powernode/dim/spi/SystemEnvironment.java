package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;
import java.lang.reflect.InvocationTargetException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** The one place in the library that touches the machine's clocks, randomness and threads. */
final class SystemEnvironment implements Environment {
  private static final int ID_BYTES = 12;
  private static final long BEAT_NANOS = 1_000_000;

  /** As good as for ever, and no overflow when it is added to a clock. */
  private static final Duration LONGEST = Duration.ofDays(100 * 365);

  /** When to try again to get a thread. */
  private static final Duration NO_THREAD = Duration.ofMillis(100);

  private final RandomGenerator random = new SecureRandom();
  private final ExecutorService workers;
  private final boolean isTimerAlone;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, daemon("dim-timer"));

  /** Whether the timer's thread wakes within {@link #BEAT_NANOS} anyway. */
  private final AtomicBoolean beating = new AtomicBoolean();

  /**
   * An environment.
   *
   * @param isTimerAlone whether what is scheduled runs on the timer's own thread
   */
  SystemEnvironment(ExecutorService workers, boolean isTimerAlone) {
    this.workers = workers;
    this.isTimerAlone = isTimerAlone;
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * As many threads as are asked for; what is scheduled runs there too, so none holds up others.
   */
  static SystemEnvironment unbounded() {
    return new SystemEnvironment(workers(), false);
  }

  /** What is scheduled runs on the timer's own thread, since every worker may be busy for long. */
  static SystemEnvironment bounded(int threads) {
    return new SystemEnvironment(Executors.newFixedThreadPool(threads, daemon("dim-worker")), true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public String newId(String prefix) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return prefix + "-" + HexFormat.of().formatHex(bytes);
  }

  /** Later if the machine has no thread now: whoever hands in work may have no other chance. */
  @Override
  public void execute(Runnable work) {
    try {
      workers.execute(work);
    } catch (OutOfMemoryError noThread) {
      timer.schedule(() -> execute(work), NO_THREAD.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    Duration span = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    beat();
    Future<?> alarm =
        timer.schedule(
            () -> ring(() -> runUnlessClosed(action)), span.toNanos(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  private void ring(Runnable action) {
    if (isTimerAlone) {
      action.run();
    } else {
      execute(action);
    }
  }

  /**
   * Keeps an alarm of the timer's own before all others while some are set. Most of those are
   * limits of time that nothing reaches: each would be the next when it is set, and wake the
   * timer's thread, which costs more than a whole step.
   */
  private void beat() {
    if (!beating.get() && beating.compareAndSet(false, true)) {
      timer.schedule(() -> beating.set(false), BEAT_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  /** An alarm may go off while the environment closes: then what it starts is refused. */
  private void runUnlessClosed(Runnable action) {
    try {
      action.run();
    } catch (RejectedExecutionException refused) {
      if (!workers.isShutdown()) {
        throw refused;
      }
    }
  }

  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdownNow();
  }

  /** Virtual threads where the JDK has them; the baseline does not, hence the reflection. */
  private static ExecutorService workers() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      return Executors.newCachedThreadPool(daemon("dim-worker"));
    }
  }

  private static ThreadFactory daemon(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
