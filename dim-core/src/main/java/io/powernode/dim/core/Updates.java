package io.powernode.dim.core;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Progress;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.util.ArrayList;
import java.util.List;

/** Numbers the updates of one job and hands them to its listeners, in order. Thread-safe. */
final class Updates {
  private final Environment environment;
  private final Runnable onEnd;
  private final Object lock = new Object();
  private final List<OrderedListener> listeners = new ArrayList<>();
  private boolean hasAlways;
  private JobUpdate latest;

  /**
   * The updates of a job, the first of which says how it stands.
   *
   * @param onEnd called after the terminal update was handed on
   */
  Updates(JobRecord record, Environment environment, Runnable onEnd) {
    this.environment = environment;
    this.onEnd = onEnd;
    Progress progress = record.account().progress();
    latest = new JobUpdate(record.jobId(), 1, record.state(), progress, environment.now());
  }

  /** Adds listeners that hear everything, once for a job however often it changes its owner. */
  void listen(List<JobListener> always) {
    synchronized (lock) {
      if (!hasAlways) {
        hasAlways = true;
        always.forEach(this::subscribe);
      }
    }
  }

  /** Announces a change; nothing follows a terminal state, and what is no change is left out. */
  void publish(JobState state, Progress progress) {
    synchronized (lock) {
      boolean same = latest.state() == state && latest.progress().equals(progress);
      if (same || latest.state().isTerminal()) {
        return;
      }
      latest =
          new JobUpdate(latest.jobId(), latest.sequence() + 1, state, progress, environment.now());
      listeners.forEach(listener -> listener.offer(latest));
    }
    if (state.isTerminal()) {
      onEnd.run();
    }
  }

  /** Hears the latest update, then every later one. */
  Subscription subscribe(JobListener listener) {
    OrderedListener ordered = new OrderedListener(listener, environment);
    synchronized (lock) {
      ordered.offer(latest);
      listeners.add(ordered);
    }
    return () -> {
      ordered.close();
      synchronized (lock) {
        listeners.remove(ordered);
      }
    };
  }

  /** Whether nobody listens. */
  boolean isUnheard() {
    synchronized (lock) {
      return listeners.isEmpty();
    }
  }
}
