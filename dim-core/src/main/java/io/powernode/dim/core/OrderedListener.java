package io.powernode.dim.core;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands updates to a listener one after the other, on threads of the environment, so that a slow
 * one delays only itself and a throwing one disturbs nobody. Thread-safe.
 */
final class OrderedListener implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(OrderedListener.class);

  private final JobListener listener;
  private final Environment environment;
  private final Object lock = new Object();
  private final Queue<JobUpdate> queue = new ArrayDeque<>();
  private boolean draining;
  private boolean closed;

  OrderedListener(JobListener listener, Environment environment) {
    this.listener = listener;
    this.environment = environment;
  }

  void offer(JobUpdate update) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      queue.add(update);
      if (draining) {
        return;
      }
      draining = true;
    }
    try {
      environment.execute(this::drain);
    } catch (RejectedExecutionException shutDown) {
      close();
    }
  }

  private void drain() {
    while (true) {
      JobUpdate update;
      synchronized (lock) {
        update = queue.poll();
        if (update == null || closed) {
          draining = false;
          return;
        }
      }
      try {
        listener.onUpdate(update);
      } catch (RuntimeException | Error e) {
        LOG.warn("a listener failed on an update of job {}", update.jobId(), e);
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      queue.clear();
    }
  }
}
