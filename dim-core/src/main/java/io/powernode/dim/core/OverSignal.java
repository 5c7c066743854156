package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells once that something is over. Who does not wait for it any more is forgotten, however many
 * come and go before. Thread-safe.
 */
final class OverSignal {
  private final Object lock = new Object();
  private final Set<Runnable> actions = new LinkedHashSet<>();
  private boolean over;

  /** Runs an action when it is over, at once if it is, unless the subscription is closed before. */
  Subscription whenOver(Runnable action) {
    synchronized (lock) {
      if (!over) {
        actions.add(action);
        return () -> forget(action);
      }
    }
    action.run();
    return () -> {};
  }

  /** It is over. */
  void tell() {
    List<Runnable> due;
    synchronized (lock) {
      over = true;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  /** How many wait. */
  int waiting() {
    synchronized (lock) {
      return actions.size();
    }
  }

  private void forget(Runnable action) {
    synchronized (lock) {
      actions.remove(action);
    }
  }
}
