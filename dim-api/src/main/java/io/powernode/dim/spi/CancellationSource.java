package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A cancellation that its holder triggers. Thread-safe. */
public final class CancellationSource implements Cancellation {
  private final Object lock = new Object();
  private final Set<Runnable> actions = new LinkedHashSet<>();
  private boolean cancelled;

  /** A source that is not cancelled. */
  public CancellationSource() {}

  /** Cancels and runs the registered actions on this thread; the second time nothing happens. */
  public void cancel() {
    List<Runnable> due;
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  @Override
  public boolean isCancelled() {
    synchronized (lock) {
      return cancelled;
    }
  }

  @Override
  public Subscription onCancel(Runnable action) {
    Runnable unique = action::run;
    synchronized (lock) {
      if (!cancelled) {
        actions.add(unique);
        return () -> remove(unique);
      }
    }
    unique.run();
    return () -> {};
  }

  private void remove(Runnable action) {
    synchronized (lock) {
      actions.remove(action);
    }
  }
}
