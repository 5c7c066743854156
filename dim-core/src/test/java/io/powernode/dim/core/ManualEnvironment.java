package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Time stands until a test advances it; work runs on the test's thread. Not thread-safe. */
final class ManualEnvironment implements Environment {
  /** The clock begins just before it overflows, as a machine's may. */
  private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(100).toNanos();

  private final RandomGenerator random = new java.util.Random(42);
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparing(Timer::time).thenComparing(Timer::number));
  private final Deque<Runnable> work = new ArrayDeque<>();
  private Duration elapsed = Duration.ZERO;
  private int numbers;

  /** How wrong the wall clock is. */
  Duration wallOff = Duration.ZERO;

  /** How many of the next works find no thread. */
  int withoutThread;

  /** Lets time pass, running what falls due at its time. */
  void advance(Duration time) {
    Duration end = elapsed.plus(time);
    while (!timers.isEmpty() && timers.peek().time().compareTo(end) <= 0) {
      Timer timer = timers.poll();
      elapsed = timer.time();
      timer.action().run();
      runWork();
    }
    elapsed = end;
    runWork();
  }

  /** How many actions are scheduled. */
  int scheduled() {
    return timers.size();
  }

  @Override
  public Instant now() {
    return Instant.parse("2026-01-01T00:00:00Z").plus(elapsed).plus(wallOff);
  }

  @Override
  public long nanoTime() {
    return ORIGIN + elapsed.toNanos();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public String newId(String prefix) {
    return prefix + "-" + ++numbers;
  }

  @Override
  public void execute(Runnable action) {
    if (withoutThread-- > 0) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    work.add(action);
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    Timer timer = new Timer(elapsed.plus(delay), ++numbers, action);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  @Override
  public <T> T await(CompletionStage<T> stage) {
    runWork();
    while (!stage.toCompletableFuture().isDone() && !timers.isEmpty()) {
      advance(timers.peek().time().minus(elapsed));
    }
    return stage.toCompletableFuture().join();
  }

  @Override
  public void close() {}

  private void runWork() {
    for (Runnable action = work.poll(); action != null; action = work.poll()) {
      action.run();
    }
  }

  private record Timer(Duration time, int number, Runnable action) {}
}
