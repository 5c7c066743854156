package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This orchestrator's right to write: a session of the store that is renewed for as long as the
 * orchestrator lives. The store refuses what is written under its epoch when it has ended.
 * Thread-safe.
 */
final class Tenure implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  private final Committing committing;
  private final String owner;
  private final Duration ttl;
  private final Runnable onLost;
  private final StateStore.Session session;
  private final AtomicLong commits = new AtomicLong();
  private volatile Subscription renewal = () -> {};
  private volatile long sureSince;
  private volatile boolean over;

  /**
   * Opens the session.
   *
   * @param onLost called once if the session expires
   */
  Tenure(Committing committing, String owner, Duration ttl, Runnable onLost) {
    this.committing = committing;
    this.owner = owner;
    this.ttl = ttl;
    this.onLost = onLost;
    this.sureSince = environment().nanoTime();
    this.session = store().open(owner, ttl);
    scheduleRenewal();
  }

  long epoch() {
    return session.epoch();
  }

  StateStore store() {
    return committing.store();
  }

  Environment environment() {
    return committing.environment();
  }

  /** Whether the session was lost or closed. */
  boolean isOver() {
    return over;
  }

  /**
   * Whether the session certainly lives, by this process's own clock: a process that slept, or that
   * could not renew, does not know until it has asked the store.
   */
  boolean isSure() {
    return !over && environment().nanoTime() - sureSince < ttl.toNanos();
  }

  /** A commit of this orchestrator's stream under a fresh id: no epoch is ever used again. */
  Commit commit(List<Guard> guards, List<Write> writes) {
    String id = "tx-" + epoch() + "-" + commits.incrementAndGet();
    return new Commit(owner, id, guards, writes);
  }

  /** See {@link Committing#handIn}. */
  CompletableFuture<CommitResult> handIn(Commit commit) {
    return committing.handIn(commit);
  }

  /** See {@link Committing#settled}. */
  CommitResult settled(CompletableFuture<CommitResult> commit) {
    return committing.settled(commit);
  }

  private void scheduleRenewal() {
    renewal = environment().schedule(ttl.dividedBy(3), () -> environment().execute(this::renew));
  }

  private void renew() {
    if (over) {
      return;
    }
    if (isRenewed()) {
      scheduleRenewal();
    } else {
      over = true;
      onLost.run();
    }
  }

  /** A store that cannot be reached has not ended the session: it is asked again. */
  private boolean isRenewed() {
    long asked = environment().nanoTime();
    try {
      boolean renewed = session.renew();
      sureSince = asked;
      return renewed;
    } catch (RuntimeException unavailable) {
      LOG.warn("the session in the store could not be renewed; trying again", unavailable);
      return true;
    }
  }

  /** Ends the session, so that others may take over at once. */
  @Override
  public void close() {
    over = true;
    renewal.close();
    try {
      session.close();
    } catch (RuntimeException unavailable) {
      LOG.warn("the session in the store could not be closed; it will expire", unavailable);
    }
  }
}
