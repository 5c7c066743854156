package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A state store of the whole contract whose content ends with the process. Nothing is encoded, and
 * a commit has taken effect when {@link #commit} returns. Watchers are called on the threads that
 * commit, one at a time each, and never while the store is locked, so they may call the store; one
 * that falls behind further than the store remembers hears {@link StateStore.Change.Compacted}.
 * What a watcher throws is logged and disturbs nothing.
 *
 * <p>Thread-safe. After {@link #close} commits are refused, and the rest throws {@link
 * ErrorCode#UNAVAILABLE}.
 */
public final class InMemoryStateStore implements StateStore {
  private static final int CHANGES_KEPT = 1024;
  private static final int TRANSACTIONS_KEPT = 10_000;
  private static final Duration LONGEST_TTL = Duration.ofDays(36_500);

  private final ReentrantLock lock = new ReentrantLock();
  private final EntryTable entries = new EntryTable();
  private final Map<String, StreamLog> streams = new HashMap<>();
  private final Set<String> transactions;
  private final Sessions sessions;
  private final int changesKept;
  private boolean closed;

  /**
   * An empty store.
   *
   * @param nanoTime the clock that expires sessions: nanoseconds, never going back
   * @param changesKept how many changes of each stream are kept for watchers, 1 or more
   * @param transactionsKept how many transactions {@link #lookup} knows, 1 or more: an older one
   *     that took effect is taken for absent, which harms nobody, because this store always answers
   */
  public InMemoryStateStore(LongSupplier nanoTime, int changesKept, int transactionsKept) {
    if (changesKept < 1 || transactionsKept < 1) {
      throw new IllegalArgumentException(
          "changesKept, transactionsKept: too small; allowed: 1 or more");
    }
    this.changesKept = changesKept;
    this.sessions = new Sessions(nanoTime);
    this.transactions = Collections.newSetFromMap(new Recent(transactionsKept));
  }

  /** An empty store whose sessions expire by the environment's clock. */
  public static InMemoryStateStore create(Environment environment) {
    return new InMemoryStateStore(environment::nanoTime, CHANGES_KEPT, TRANSACTIONS_KEPT);
  }

  @Override
  public Durability durability() {
    return Durability.NONE;
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    KeyCheck.require(commit);
    StreamLog log;
    CommitResult result;
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.completedFuture(new CommitResult.Refused("the store is closed"));
      }
      for (Guard guard : commit.guards()) {
        if (!holds(guard)) {
          return CompletableFuture.completedFuture(new CommitResult.Conflict(guard));
        }
      }
      List<String> keys = new ArrayList<>(commit.writes().size());
      for (Write write : commit.writes()) {
        entries.apply(write);
        keys.add(write.key());
      }
      transactions.add(commit.transactionId());
      log = stream(commit.stream());
      result = new CommitResult.Committed(log.append(keys));
    } finally {
      lock.unlock();
    }
    log.deliver();
    return CompletableFuture.completedFuture(result);
  }

  private boolean holds(Guard guard) {
    if (guard instanceof Guard.Absent absent) {
      return entries.get(absent.key()).isEmpty();
    } else if (guard instanceof Guard.AtVersion at) {
      return entries.get(at.key()).filter(e -> e.version() == at.version()).isPresent();
    } else if (guard instanceof Guard.EndedSession ended) {
      return sessions.isEnded(ended.epoch());
    }
    return sessions.isLive(((Guard.LiveSession) guard).epoch());
  }

  @Override
  public Outcome lookup(String transactionId) {
    lockOpen();
    try {
      return transactions.contains(transactionId) ? Outcome.COMMITTED : Outcome.ABSENT;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Entry> get(String key) {
    lockOpen();
    try {
      return entries.get(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: is too small; allowed: 1 or more");
    }
    lockOpen();
    try {
      return entries.scan(index, prefix, after, limit);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long count(String index, String prefix) {
    lockOpen();
    try {
      return entries.count(index, prefix);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<String> lastKey(String index) {
    lockOpen();
    try {
      return entries.lastKey(index);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    if (after < 0) {
      throw new IllegalArgumentException("after: is negative; allowed: 0 or more");
    }
    StreamLog.Watcher watcher;
    lockOpen();
    try {
      watcher = stream(stream).add(after, changes);
    } finally {
      lock.unlock();
    }
    watcher.deliver();
    return watcher;
  }

  @Override
  public Session open(String owner, Duration ttl) {
    if (ttl.isNegative() || ttl.isZero() || ttl.compareTo(LONGEST_TTL) > 0) {
      throw new IllegalArgumentException(
          "ttl: is out of range; allowed: above 0, up to " + LONGEST_TTL.toDays() + " days");
    }
    lockOpen();
    try {
      return new OpenSession(sessions.open(owner, ttl), ttl);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<SessionState> sessions() {
    lockOpen();
    try {
      return sessions.all();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void forget(long epoch) {
    lockOpen();
    try {
      sessions.forget(epoch);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses everything from now on; watchers hear no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      streams.values().forEach(StreamLog::close);
    } finally {
      lock.unlock();
    }
  }

  private StreamLog stream(String name) {
    return streams.computeIfAbsent(name, n -> new StreamLog(lock, changesKept));
  }

  private void lockOpen() {
    lock.lock();
    if (closed) {
      lock.unlock();
      throw new DimException(ErrorCode.UNAVAILABLE, "the store is closed");
    }
  }

  private final class OpenSession implements Session {
    private final long epoch;
    private final Duration ttl;

    OpenSession(long epoch, Duration ttl) {
      this.epoch = epoch;
      this.ttl = ttl;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public boolean renew() {
      lockOpen();
      try {
        return sessions.renew(epoch, ttl);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        sessions.end(epoch);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Forgets the oldest. */
  private static final class Recent extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;
    private final int kept;

    Recent(int kept) {
      this.kept = kept;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > kept;
    }
  }
}
