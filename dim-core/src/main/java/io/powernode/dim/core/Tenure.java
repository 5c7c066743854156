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

  /** How long after a try that failed a new session is asked for again. */
  static final Duration REOPEN = Duration.ofSeconds(1);

  private final Committing committing;
  private final String owner;
  private final Duration ttl;
  private final Runnable onLost;
  private final StateStore.Session session;
  private final Subscription renewal;
  private final AtomicLong commits = new AtomicLong();
  private volatile long sureSince;
  private volatile long judgesFrom;
  private volatile boolean over;

  /**
   * Opens the session.
   *
   * @param isAnother whether it follows one that was lost
   * @param onLost called once if the session expires
   */
  Tenure(Committing committing, String owner, Duration ttl, boolean isAnother, Runnable onLost) {
    this.committing = committing;
    this.owner = owner;
    this.ttl = ttl;
    this.onLost = onLost;
    this.sureSince = environment().nanoTime();
    this.session = store().open(owner, ttl);
    this.judgesFrom = isAnother ? judgingAfter() : sureSince;
    Duration third = ttl.dividedBy(3);
    this.renewal =
        Routine.start(environment(), third, third, "the session could not be renewed", this::renew);
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

  /**
   * Whether a session of another that ended tells that its owner is gone. Not if this orchestrator
   * could not renew its own of late: then the store was out of reach for both, perhaps, and the
   * other is about to notice and to open a new one.
   */
  boolean mayJudge() {
    long now = environment().nanoTime();
    return !isLate(now) && now - judgesFrom >= 0;
  }

  /**
   * Whoever lost a session saw no renewal for its whole time, of which others saw half at least.
   */
  private boolean isLate(long now) {
    return now - sureSince > ttl.dividedBy(2).toNanos();
  }

  private long judgingAfter() {
    return environment().nanoTime() + ttl.dividedBy(3).plus(REOPEN).toNanos();
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

  /**
   * Whether there is another renewal to come. A store that cannot be reached has not ended the
   * session: it is asked again.
   */
  private boolean renew() {
    if (over) {
      return false;
    }
    long asked = environment().nanoTime();
    if (session.renew()) {
      if (isLate(asked)) {
        judgesFrom = judgingAfter();
      }
      sureSince = asked;
      return true;
    }
    over = true;
    onLost.run();
    return false;
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
