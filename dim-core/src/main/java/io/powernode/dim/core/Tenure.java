package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.List;

/**
 * This orchestrator's right to write: a session of the store that is renewed for as long as the
 * orchestrator lives. Its epoch is the fencing token of every job that it owns. Thread-safe.
 */
final class Tenure implements AutoCloseable {
  private final StateStore store;
  private final Environment environment;
  private final String owner;
  private final Duration ttl;
  private final Runnable onLost;
  private final StateStore.Session session;
  private volatile Subscription renewal = () -> {};
  private volatile boolean closed;

  /**
   * Opens the session.
   *
   * @param onLost called once if the session expires
   */
  Tenure(StateStore store, Environment environment, String owner, Duration ttl, Runnable onLost) {
    this.store = store;
    this.environment = environment;
    this.owner = owner;
    this.ttl = ttl;
    this.onLost = onLost;
    this.session = store.open(owner, ttl);
    scheduleRenewal();
  }

  long epoch() {
    return session.epoch();
  }

  StateStore store() {
    return store;
  }

  Environment environment() {
    return environment;
  }

  /** A commit of this orchestrator's stream under a fresh transaction id. */
  Commit commit(List<Guard> guards, List<Write> writes) {
    return new Commit(owner, environment.newId("tx"), guards, writes);
  }

  private void scheduleRenewal() {
    renewal = environment.schedule(ttl.dividedBy(3), () -> environment.execute(this::renew));
  }

  private void renew() {
    if (closed) {
      return;
    }
    if (isRenewed()) {
      scheduleRenewal();
    } else {
      closed = true;
      onLost.run();
    }
  }

  /** A store that cannot be reached has not ended the session: it is asked again. */
  private boolean isRenewed() {
    try {
      return session.renew();
    } catch (DimException unavailable) {
      return true;
    }
  }

  /** Ends the session, so that others may take over at once. */
  @Override
  public void close() {
    closed = true;
    renewal.close();
    session.close();
  }
}
