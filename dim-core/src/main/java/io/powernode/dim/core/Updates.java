package io.powernode.dim.core;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Progress;
import io.powernode.dim.api.Subscription;
import java.util.ArrayList;
import java.util.List;

/** Numbers the updates of one job and hands them to its listeners, in order. Thread-safe. */
final class Updates {
  private final String jobId;
  private final Environment environment;
  private final Object lock = new Object();
  private final List<OrderedListener> listeners = new ArrayList<>();
  private JobUpdate latest;

  Updates(String jobId, Environment environment, List<JobListener> always, JobState state) {
    this.jobId = jobId;
    this.environment = environment;
    always.forEach(listener -> listeners.add(new OrderedListener(listener, environment)));
    latest = new JobUpdate(jobId, 1, state, Progress.none(), environment.now());
    listeners.forEach(listener -> listener.offer(latest));
  }

  /** Announces a change. Nothing follows a terminal state. */
  void publish(JobState state, Progress progress) {
    synchronized (lock) {
      if (latest.state().isTerminal()) {
        return;
      }
      latest = new JobUpdate(jobId, latest.sequence() + 1, state, progress, environment.now());
      listeners.forEach(listener -> listener.offer(latest));
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
}
