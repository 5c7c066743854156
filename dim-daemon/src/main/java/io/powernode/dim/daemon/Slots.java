package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Environment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Runs a bounded number of tasks at once and lets a bounded number wait, fairly. A slot is free
 * again only when its task's work has really ended, whatever was answered before. Thread-safe.
 */
final class Slots {
  private final Environment environment;
  private final Executor atOnce;
  private final Size size;
  private final Consumer<TaskRun> work;
  private final Consumer<TaskRun> refused;
  private final Object lock = new Object();
  private final FairQueue<TaskRun> queue;
  private int active;
  private boolean closed;

  /**
   * How many.
   *
   * @param slots tasks at once, 1 or more
   * @param queue tasks that may wait, 0 or more
   */
  record Size(int slots, int queue) {}

  /**
   * Slots that run {@code work}, which must not throw, for each task.
   *
   * @param environment runs the tasks that had to wait
   * @param atOnce runs those that had not
   * @param refused hears of a task for which the environment has no thread any more
   */
  Slots(
      Environment environment,
      Executor atOnce,
      Size size,
      Consumer<TaskRun> work,
      Consumer<TaskRun> refused) {
    this.environment = environment;
    this.atOnce = atOnce;
    this.size = size;
    this.work = work;
    this.refused = refused;
    this.queue = new FairQueue<>(size.queue());
  }

  int count() {
    return size.slots();
  }

  int active() {
    synchronized (lock) {
      return active;
    }
  }

  int queued() {
    synchronized (lock) {
      return queue.size();
    }
  }

  /**
   * Runs a task now or later.
   *
   * @throws DimException with {@link ErrorCode#OVERLOADED} if no more may wait, {@link
   *     ErrorCode#UNAVAILABLE} if the node is closed
   */
  void submit(TaskRun run) {
    synchronized (lock) {
      if (closed) {
        throw new DimException(ErrorCode.UNAVAILABLE, "the node is closed");
      }
      if (active == size.slots()) {
        if (!queue.offer(run.requester(), run)) {
          throw new DimException(
              ErrorCode.OVERLOADED, "the node's queue is full; try again in a moment");
        }
        return;
      }
      active++;
    }
    start(run, atOnce);
  }

  /** Takes waiting tasks of a kind, at most so many, for whoever has a slot and can do them too. */
  List<TaskRun> takeWaiting(Predicate<TaskRun> kind, int most) {
    synchronized (lock) {
      return queue.take(kind, most);
    }
  }

  /** Takes a task out of the queue; nothing happens if it does not wait. */
  void withdraw(TaskRun run) {
    synchronized (lock) {
      queue.remove(run.requester(), run);
    }
  }

  /** Refuses tasks from now on; those that wait stay until they are withdrawn. */
  void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  /** Waits until no work is running. */
  void awaitIdle() throws InterruptedException {
    synchronized (lock) {
      while (active > 0) {
        lock.wait();
      }
    }
  }

  private void start(TaskRun run, Executor executor) {
    try {
      executor.execute(
          () -> {
            try {
              work.accept(run);
            } finally {
              ended();
            }
          });
    } catch (RejectedExecutionException e) {
      refused.accept(run);
      ended();
    }
  }

  private void ended() {
    Optional<TaskRun> next;
    synchronized (lock) {
      next = queue.poll();
      if (next.isEmpty()) {
        active--;
        lock.notifyAll();
      }
    }
    next.ifPresent(waited -> start(waited, environment::execute));
  }
}
