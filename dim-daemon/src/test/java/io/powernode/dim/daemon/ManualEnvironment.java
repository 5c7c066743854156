package io.powernode.dim.daemon;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** A clock and threads that move only when a test says so. For one thread. */
final class ManualEnvironment implements Environment {
  private final Queue<Runnable> work = new ArrayDeque<>();
  private final List<Timed> timers = new ArrayList<>();
  private long now;

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(now);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public RandomGenerator random() {
    throw new IllegalStateException("a node takes no randomness");
  }

  @Override
  public String newId(String prefix) {
    throw new IllegalStateException("a node makes no ids");
  }

  @Override
  public <T> T await(CompletionStage<T> stage) {
    throw new IllegalStateException("a node waits for nothing on this thread");
  }

  @Override
  public void execute(Runnable action) {
    work.add(action);
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    Timed timed = new Timed(now + delay.toNanos(), action);
    timers.add(timed);
    return () -> timers.remove(timed);
  }

  @Override
  public void close() {
    throw new IllegalStateException("a node closes only an environment of its own");
  }

  /** Runs what has a thread now, and not what that starts. */
  void runStarted() {
    int started = work.size();
    for (int i = 0; i < started; i++) {
      work.remove().run();
    }
  }

  void runAll() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  int started() {
    return work.size();
  }

  int timers() {
    return timers.size();
  }

  /** Lets time pass without anybody hearing of it. */
  void skip(Duration time) {
    now += time.toNanos();
  }

  void advance(Duration time) {
    skip(time);
    List<Timed> due = timers.stream().filter(timed -> timed.at() <= now).toList();
    timers.removeAll(due);
    due.forEach(timed -> timed.action().run());
  }

  private record Timed(long at, Runnable action) {}
}
