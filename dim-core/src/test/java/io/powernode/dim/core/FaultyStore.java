package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A store that fails when a test wants it to, or keeps commits until they are released. */
final class FaultyStore implements StateStore {
  final List<Commit> commits = Collections.synchronizedList(new ArrayList<>());

  /** How many of the next scans of an index fail. */
  final AtomicInteger failingScans = new AtomicInteger();

  /** How many of the next lookups fail. */
  final AtomicInteger failingLookups = new AtomicInteger();

  /** How many of the next reads of jobs find a class that lacks something. */
  final AtomicInteger brokenReads = new AtomicInteger();

  /** How many of the next renewals throw an error. */
  final AtomicInteger brokenRenewals = new AtomicInteger();

  /** What it claims to be. */
  volatile Durability durability = Durability.PROCESS_CRASH;

  private final Environment environment;
  private final StateStore inner;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private volatile Plan plan = (number, commit) -> Fault.NONE;
  private volatile Predicate<Commit> hold = commit -> false;
  private volatile String failingIndex = "";
  private volatile String spoilt = "";
  private volatile boolean down;

  FaultyStore(Environment environment) {
    this.environment = environment;
    inner = new BytesOnlyStore(InMemoryStateStore.create(environment));
  }

  /** What goes wrong with a commit. */
  enum Fault {
    NONE,
    REFUSED,
    CONFLICT,
    APPLIED_BUT_UNKNOWN,
    LOST_AND_UNKNOWN,
    /** Thrown at once; the same may succeed later. */
    THROWN,
    /** The stage fails, and nobody knows what became of the commit. */
    BROKEN,
    /** Thrown at once; it never succeeds. */
    IMPOSSIBLE,
    /** The stage says that it never succeeds. */
    UNWRITABLE,
    /** Thrown at once, and no exception. */
    DEFECT,
    SLOW
  }

  /** Which fault the commit of that number, from 1, has. */
  interface Plan {
    Fault of(int number, Commit commit);
  }

  FaultyStore plan(Plan value) {
    plan = value;
    return this;
  }

  /** Keeps commits back, in order, until they are released. */
  void hold(Predicate<Commit> which) {
    hold = which;
  }

  /** Lets go of what was kept back, and of all that follows. */
  void release() {
    List<Runnable> due;
    synchronized (held) {
      hold = commit -> false;
      due = List.copyOf(held);
      held.clear();
    }
    due.forEach(Runnable::run);
  }

  int held() {
    synchronized (held) {
      return held.size();
    }
  }

  /** The next scans of this index fail. */
  void failScans(String index, int count) {
    failingIndex = index;
    failingScans.set(count);
  }

  /** Whether nothing reaches the store. */
  void down(boolean value) {
    down = value;
  }

  /** What is under keys that contain this cannot be decoded here. */
  void spoil(String part) {
    spoilt = part;
  }

  private Entry asFound(Entry entry) {
    return spoilt.isEmpty() || !entry.key().contains(spoilt)
        ? entry
        : new Entry(entry.key(), entry.version(), FaultyStore::lacking);
  }

  private static byte[] lacking() {
    throw new NoSuchMethodError("a plugin of another version");
  }

  private void requireUp() {
    if (down) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
    }
  }

  /** Ends every session behind its owner's back. */
  void expireSessions() {
    sessions.forEach(Session::close);
  }

  /** Whether the commit puts something under a key that begins so. */
  static Predicate<Commit> putting(String prefix) {
    return commit ->
        commit.writes().stream()
            .anyMatch(write -> write instanceof Write.Put && write.key().startsWith(prefix));
  }

  @Override
  public Durability durability() {
    return durability;
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    commits.add(commit);
    if (down) {
      return CompletableFuture.completedFuture(new CommitResult.Refused("connection refused"));
    }
    synchronized (held) {
      if (!held.isEmpty() || hold.test(commit)) {
        CompletableFuture<CommitResult> later = new CompletableFuture<>();
        held.add(() -> inner.commit(commit).thenAccept(later::complete));
        return later;
      }
    }
    return switch (plan.of(commits.size(), commit)) {
      case NONE -> inner.commit(commit);
      case REFUSED -> CompletableFuture.completedFuture(new CommitResult.Refused("disk full"));
      case CONFLICT ->
          CompletableFuture.completedFuture(new CommitResult.Conflict(commit.guards().get(0)));
      case APPLIED_BUT_UNKNOWN ->
          inner
              .commit(commit)
              .thenApply(
                  result ->
                      result instanceof CommitResult.Committed
                          ? new CommitResult.Unknown(commit.transactionId())
                          : result);
      case LOST_AND_UNKNOWN ->
          CompletableFuture.completedFuture(new CommitResult.Unknown(commit.transactionId()));
      case THROWN -> throw new DimException(ErrorCode.UNAVAILABLE, "cannot be registered");
      case BROKEN -> CompletableFuture.failedFuture(new IllegalStateException("a defect"));
      case IMPOSSIBLE -> throw new IllegalArgumentException("key: is too long; allowed: less");
      case UNWRITABLE ->
          CompletableFuture.failedFuture(
              new DimException(ErrorCode.INVALID_ARGUMENT, "the value is too large"));
      case DEFECT -> throw new StackOverflowError();
      case SLOW -> slowly(commit);
    };
  }

  private CompletionStage<CommitResult> slowly(Commit commit) {
    CompletableFuture<CommitResult> later = new CompletableFuture<>();
    environment.schedule(
        Duration.ofMillis(20), () -> inner.commit(commit).thenAccept(later::complete));
    return later;
  }

  @Override
  public Outcome lookup(String transactionId) {
    requireUp();
    if (failingLookups.getAndDecrement() > 0) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
    }
    return inner.lookup(transactionId);
  }

  @Override
  public Optional<Entry> get(String key) {
    requireUp();
    if (Keys.isJob(key) && brokenReads.getAndDecrement() > 0) {
      lacking();
    }
    return inner.get(key).map(this::asFound);
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    requireUp();
    if (index.equals(failingIndex) && failingScans.getAndDecrement() > 0) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
    }
    Page page = inner.scan(index, prefix, after, limit);
    return new Page(page.entries().stream().map(this::asFound).toList(), page.next());
  }

  @Override
  public long count(String index, String prefix) {
    requireUp();
    return inner.count(index, prefix);
  }

  @Override
  public Optional<String> lastKey(String index) {
    requireUp();
    return inner.lastKey(index);
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    requireUp();
    return inner.watch(stream, after, changes);
  }

  @Override
  public Session open(String owner, Duration ttl) {
    requireUp();
    Session session = inner.open(owner, ttl);
    sessions.add(session);
    return new Session() {
      @Override
      public long epoch() {
        return session.epoch();
      }

      @Override
      public boolean renew() {
        requireUp();
        if (brokenRenewals.getAndDecrement() > 0) {
          throw new OutOfMemoryError("heap");
        }
        return session.renew();
      }

      @Override
      public void close() {
        requireUp();
        session.close();
      }
    };
  }

  @Override
  public List<SessionState> sessions() {
    requireUp();
    return inner.sessions();
  }

  @Override
  public void forget(long epoch) {
    requireUp();
    inner.forget(epoch);
  }

  @Override
  public void close() {
    inner.close();
  }
}
