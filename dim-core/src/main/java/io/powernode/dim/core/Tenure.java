package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
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
 * orchestrator lives. Its epoch is the fencing token of every job that it owns. Thread-safe.
 */
final class Tenure implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  private final StateStore store;
  private final Environment environment;
  private final String owner;
  private final Duration ttl;
  private final Runnable onLost;
  private final StateStore.Session session;
  private final AtomicLong commits = new AtomicLong();
  private volatile Subscription renewal = () -> {};
  private volatile boolean over;

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

  /** Whether the session was lost or closed. */
  boolean isOver() {
    return over;
  }

  /** A commit of this orchestrator's stream under a fresh id: no epoch is ever used again. */
  Commit commit(List<Guard> guards, List<Write> writes) {
    String id = "tx-" + epoch() + "-" + commits.incrementAndGet();
    return new Commit(owner, id, guards, writes);
  }

  /** Commits; whatever a store throws counts as an answer that was lost. */
  CompletableFuture<CommitResult> handIn(Commit commit) {
    CommitResult lost = new CommitResult.Unknown(commit.transactionId());
    try {
      return store
          .commit(commit)
          .toCompletableFuture()
          .exceptionally(
              thrown -> {
                LOG.warn("the store failed on a commit; it is looked up", thrown);
                return lost;
              });
    } catch (RuntimeException thrown) {
      LOG.warn("the store failed on a commit; it is looked up", thrown);
      return CompletableFuture.completedFuture(lost);
    }
  }

  /**
   * Waits for a commit, and looks up what became of it if the answer was lost. Never answers {@link
   * CommitResult.Unknown}.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if that cannot be told now
   */
  CommitResult settled(CompletableFuture<CommitResult> commit) {
    CommitResult result;
    try {
      result = environment.await(commit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while the store was written"), e);
    }
    if (result instanceof CommitResult.Unknown unknown) {
      return store.lookup(unknown.transactionId()) == StateStore.Outcome.COMMITTED
          ? new CommitResult.Committed(0)
          : new CommitResult.Refused("the connection was lost");
    }
    return result;
  }

  private void scheduleRenewal() {
    renewal = environment.schedule(ttl.dividedBy(3), () -> environment.execute(this::renew));
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
    try {
      return session.renew();
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
