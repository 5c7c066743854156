package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a running job to stop, and why: cancelled, out of time, fenced, or shut down. The first
 * reason stays. Thread-safe.
 */
final class StopSignal {
  private final Object lock = new Object();
  private final Set<Runnable> actions = new LinkedHashSet<>();
  private Optional<ErrorInfo> reason = Optional.empty();

  /** Stops, unless something already did; says whether this was the first. */
  boolean stop(ErrorInfo why) {
    List<Runnable> due;
    synchronized (lock) {
      if (reason.isPresent()) {
        return false;
      }
      reason = Optional.of(why);
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
    return true;
  }

  Optional<ErrorInfo> reason() {
    synchronized (lock) {
      return reason;
    }
  }

  /** Throws the reason if there is one. */
  void requireGoing() {
    reason()
        .ifPresent(
            why -> {
              throw new DimException(why);
            });
  }

  /** Runs {@code action} when it is time to stop, at once if it already is. */
  void onStop(Runnable action) {
    synchronized (lock) {
      if (reason.isEmpty()) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /** Forgets an action. */
  void forget(Runnable action) {
    synchronized (lock) {
      actions.remove(action);
    }
  }
}
