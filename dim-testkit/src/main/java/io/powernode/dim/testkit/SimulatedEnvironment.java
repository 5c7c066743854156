package io.powernode.dim.testkit;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * An environment in which everything that could happen in any order happens in an order drawn from
 * a seed, so that the same program under the same seed has the same history. Work runs on real
 * threads, but exactly one at a time; a thread gives way only when its work ends or when it waits
 * in {@link #await}. Timers run like other work once they are due. Time stands still while anything
 * can run.
 *
 * <p>The thread that made it drives: nothing runs but in {@link #runUntilIdle}, {@link #advance},
 * {@link #runUntil} and {@link #await}. If work throws, they throw {@link IllegalStateException}
 * with that cause, and so they do when work blocks elsewhere than in {@code await}. What such work
 * waits for must be completed by other work: threads from outside would make the history depend on
 * the machine.
 */
public final class SimulatedEnvironment implements Environment {
  private static final Duration LONGEST_WAIT = Duration.ofDays(30);

  private final SettableClock clock = new SettableClock();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final RandomGenerator random;
  private final SimulatedThreads threads;
  private long timersMade;

  /** An environment with this seed. */
  public SimulatedEnvironment(long seed) {
    SplittableRandom root = new SplittableRandom(seed);
    this.random = root.split();
    this.threads = new SimulatedThreads(root);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  /** The prefix and a count, as in {@code job-000001}. */
  @Override
  public synchronized String newId(String prefix) {
    String count = Integer.toString(ids.merge(prefix, 1, Integer::sum));
    return prefix + "-" + "0".repeat(Math.max(0, 6 - count.length())) + count;
  }

  @Override
  public void execute(Runnable work) {
    requireOpen();
    threads.add(work);
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    requireOpen();
    Timer timer;
    synchronized (this) {
      timer = new Timer(nanoTime() + Math.max(0, delay.toNanos()), timersMade++, action);
      if (timer.at > nanoTime()) {
        timers.add(timer);
        return timer;
      }
    }
    threads.add(timer);
    return timer;
  }

  /**
   * Waits for the stage: a simulated thread gives way, any other thread drives the simulation until
   * the stage completes.
   *
   * @throws IllegalStateException if a thread outside waits for what will not come in 30 simulated
   *     days
   */
  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (!future.isDone()) {
      if (!threads.isOutside()) {
        threads.park(future);
      } else if (!runUntil(future::isDone, LONGEST_WAIT)) {
        throw new IllegalStateException("nothing completes the stage; parked: " + parked());
      }
    }
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    }
  }

  /** A process in this environment's time, which can be killed. */
  public SimulatedProcess process() {
    return new SimulatedProcess(this);
  }

  /** The calling simulated thread may wait with locks from now on. */
  void keepLocks() {
    threads.keepLocks();
  }

  boolean isSimulatedThread() {
    return !threads.isOutside();
  }

  /** Runs everything that can run now; time stands still. */
  public void runUntilIdle() {
    threads.drain(() -> false);
  }

  /** Lets time pass, with everything that happens meanwhile. */
  public void advance(Duration time) {
    runUntil(() -> false, time);
  }

  /**
   * Lets time pass until a condition holds.
   *
   * @param condition looked at whenever nothing can run, on any thread; must not block
   * @param limit the most time that passes
   * @return whether the condition holds
   */
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    long end = nanoTime() + limit.toNanos();
    boolean[] holds = new boolean[1];
    threads.drain(
        () -> {
          holds[0] = condition.getAsBoolean();
          return !holds[0] && goToNextTimer(end);
        });
    if (!holds[0]) {
      clock.advance(Duration.ofNanos(end - nanoTime()));
    }
    return holds[0];
  }

  private boolean goToNextTimer(long end) {
    Optional<Timer> next = nextTimer(end);
    if (next.isEmpty()) {
      return false;
    }
    clock.advance(Duration.ofNanos(next.get().at - nanoTime()));
    addDue();
    return true;
  }

  private synchronized Optional<Timer> nextTimer(long end) {
    while (!timers.isEmpty() && timers.element().closed) {
      timers.remove();
    }
    return Optional.ofNullable(timers.peek()).filter(timer -> timer.at <= end);
  }

  private synchronized void addDue() {
    while (!timers.isEmpty() && timers.element().at <= nanoTime()) {
      threads.add(timers.remove());
    }
  }

  /** Where each waiting thread waits, for a person: after a run, a sign of a deadlock. */
  public List<String> parked() {
    return threads.parked();
  }

  /** Interrupts the waiting threads one by one and ends them; drops timers and queued work. */
  @Override
  public void close() {
    if (!threads.isEnding()) {
      threads.end();
    }
  }

  private void requireOpen() {
    if (threads.isEnding()) {
      throw new RejectedExecutionException("the simulation ended");
    }
  }

  /** Timers of the same time run in any order, as everything does. */
  private static final class Timer implements Comparable<Timer>, Runnable, Subscription {
    private final long at;
    private final long number;
    private final Runnable action;
    private volatile boolean closed;

    Timer(long at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }

    @Override
    public int compareTo(Timer other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }

    @Override
    public void run() {
      if (!closed) {
        action.run();
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
