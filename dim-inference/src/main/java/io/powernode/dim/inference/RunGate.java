package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps a native model from being freed under a run, which would bring the process down. Runs go
 * through side by side; closing refuses new ones and waits for those on their way. Thread-safe.
 */
final class RunGate {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closing;
  private boolean closed;

  /**
   * Lets a run in, which must {@link #leave} again on the same thread.
   *
   * @throws DimException with UNAVAILABLE once the gate is closing
   */
  void enter() {
    if (closing || !lock.readLock().tryLock()) {
      throw closed();
    }
    if (closing) {
      lock.readLock().unlock();
      throw closed();
    }
  }

  void leave() {
    lock.readLock().unlock();
  }

  /** Waits for the runs and frees what they used; the second time nothing happens. */
  void close(Runnable free) {
    closing = true;
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        free.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static DimException closed() {
    return new DimException(ErrorCode.UNAVAILABLE, "the model is closed");
  }
}
