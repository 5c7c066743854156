package io.powernode.dim.testkit;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One process of a simulation, which can be killed: then its work, its timers and its waiting
 * threads never go on, and nothing that it is connected to hears of it again. It can also be paused
 * as by SIGSTOP: all of that stands still, and goes on when it is resumed. What lives outside of
 * it, nodes and stores, goes on in the same time. Made by {@link SimulatedEnvironment#process}.
 */
public final class SimulatedProcess implements Environment {
  private final SimulatedEnvironment environment;
  private final List<Runnable> held = new ArrayList<>();
  private final Deque<Runnable> unheard = new ArrayDeque<>();
  private CompletableFuture<Void> awake = CompletableFuture.completedFuture(null);
  private volatile boolean alive = true;

  SimulatedProcess(SimulatedEnvironment environment) {
    this.environment = environment;
  }

  /** Whether it was not killed. */
  public boolean isAlive() {
    return alive;
  }

  /**
   * Kills the process on the spot: called by one of its own threads, or by one that calls back into
   * it, this does not return.
   */
  public void kill() {
    alive = false;
    if (environment.isSimulatedThread()) {
      environment.keepLocks();
      freeze();
    }
  }

  /** Stops the process, from outside, until it is resumed; its threads stand where they wait. */
  public synchronized void pause() {
    if (awake.isDone()) {
      awake = new CompletableFuture<>();
    }
  }

  /** Lets a paused process go on, with everything that came due meanwhile. */
  public synchronized void resume() {
    awake.complete(null);
    held.forEach(this::execute);
    held.clear();
    environment.execute(this::hearAll);
  }

  /** Whether it is paused. */
  public synchronized boolean isPaused() {
    return !awake.isDone();
  }

  /**
   * An answer from outside as this process hears it: on a thread of its own, so that whoever
   * answers does not die with it.
   */
  <T> CompletableFuture<T> heard(CompletionStage<T> answer) {
    CompletableFuture<T> given = answer.toCompletableFuture();
    if (given.isDone()) {
      return given;
    }
    CompletableFuture<T> heard = new CompletableFuture<>();
    given.whenComplete(
        (value, failure) ->
            execute(
                () -> {
                  if (failure == null) {
                    heard.complete(value);
                  } else {
                    heard.completeExceptionally(failure);
                  }
                }));
    return heard;
  }

  /** Lets the process hear from outside; in the order of the calls, also if it is paused now. */
  void hear(Runnable callback) {
    synchronized (this) {
      if (isPaused() || !unheard.isEmpty()) {
        unheard.add(callback);
        return;
      }
    }
    if (alive) {
      callback.run();
    }
  }

  private void hearAll() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
      synchronized (this) {
        unheard.remove();
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    return alive && !isPaused() ? unheard.peek() : null;
  }

  /** A node as this process reaches it. */
  public NodeEndpoint connect(NodeEndpoint node) {
    return new ProcessNode(node, this);
  }

  /** A store as this process reaches it. */
  public StateStore connect(StateStore store) {
    return new ProcessStore(store, this);
  }

  /** Ends only with the simulation. */
  private void freeze() {
    try {
      environment.await(new CompletableFuture<>());
    } catch (InterruptedException e) {
      throw new IllegalStateException("the process was killed", e);
    }
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
    environment.execute(() -> runIfAlive(work));
  }

  @Override
  public Subscription schedule(Duration delay, Runnable action) {
    return environment.schedule(delay, () -> runIfAlive(action));
  }

  private void runIfAlive(Runnable work) {
    synchronized (this) {
      if (isPaused()) {
        held.add(work);
        return;
      }
    }
    if (alive) {
      work.run();
    }
  }

  @Override
  public <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return environment.await(stage);
    } finally {
      sleepWhilePaused();
      if (!alive && environment.isSimulatedThread()) {
        freeze();
      }
    }
  }

  private void sleepWhilePaused() throws InterruptedException {
    while (isPaused() && environment.isSimulatedThread()) {
      CompletableFuture<Void> sleep;
      synchronized (this) {
        sleep = awake;
      }
      environment.await(sleep);
    }
  }

  /** Kills the process from outside. */
  @Override
  public void close() {
    alive = false;
  }
}
