package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.ForwardingStore;
import io.powernode.dim.testkit.SimulatedEnvironment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A store that is slow, refuses, and loses its answers, as drawn, and that cannot be reached while
 * it is down. What it promises it keeps: commits of a stream take effect in order.
 */
final class UnreliableStore extends ForwardingStore {
  private static final CompletableFuture<Void> AT_ONCE = CompletableFuture.completedFuture(null);

  private final SimulatedEnvironment environment;
  private final RandomGenerator random;
  private final Map<String, CompletableFuture<CommitResult>> last = new HashMap<>();
  private int outOf;
  private boolean down;

  /**
   * A store in front of a reliable one.
   *
   * @param outOf of so many calls some go wrong; 0 for none
   */
  UnreliableStore(
      StateStore store, SimulatedEnvironment environment, RandomGenerator random, int outOf) {
    super(store);
    this.environment = environment;
    this.random = random;
    this.outOf = outOf;
  }

  void down(boolean value) {
    down = value;
  }

  boolean isDown() {
    return down;
  }

  /** Nothing goes wrong from now on. */
  void heal() {
    down = false;
    outOf = 0;
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    CommitResult lost = new CommitResult.Unknown(commit.transactionId());
    if (down) {
      return CompletableFuture.completedFuture(new CommitResult.Refused("down"));
    }
    return switch (outOf == 0 ? -1 : random.nextInt(outOf)) {
      case 0 -> CompletableFuture.completedFuture(new CommitResult.Refused("disk full"));
      case 1 -> CompletableFuture.completedFuture(lost);
      case 2 ->
          inTurn(commit, AT_ONCE)
              .thenApply(result -> result instanceof CommitResult.Committed ? lost : result);
      case 3 -> throwing();
      case 4, 5 -> inTurn(commit, later());
      case 6, 7 -> inTurn(commit, AT_ONCE).thenCompose(result -> later().thenApply(x -> result));
      default -> inTurn(commit, AT_ONCE);
    };
  }

  /** At once, so that nothing was handed in, or as one that lost its answer. */
  private CompletionStage<CommitResult> throwing() {
    if (random.nextBoolean()) {
      throw new DimException(ErrorCode.UNAVAILABLE, "a large value cannot be registered");
    }
    return CompletableFuture.failedFuture(new IllegalStateException("a defect of the store"));
  }

  private CompletableFuture<Void> later() {
    CompletableFuture<Void> later = new CompletableFuture<>();
    environment.schedule(Duration.ofMillis(random.nextInt(500)), () -> later.complete(null));
    return later;
  }

  private CompletableFuture<CommitResult> inTurn(Commit commit, CompletableFuture<Void> ready) {
    CompletableFuture<CommitResult> before = last.get(commit.stream());
    CompletableFuture<?> turn =
        before == null || before.isDone() ? ready : CompletableFuture.allOf(before, ready);
    CompletableFuture<CommitResult> result = turn.thenCompose(x -> super.commit(commit));
    last.put(commit.stream(), result);
    return result;
  }

  private void requireUp() {
    if (down || outOf > 0 && random.nextInt(4 * outOf) == 0) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
    }
  }

  @Override
  public Outcome lookup(String transactionId) {
    requireUp();
    return super.lookup(transactionId);
  }

  @Override
  public Optional<Entry> get(String key) {
    requireUp();
    return super.get(key);
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    requireUp();
    return super.scan(index, prefix, after, limit);
  }

  @Override
  public long count(String index, String prefix) {
    requireUp();
    return super.count(index, prefix);
  }

  @Override
  public Optional<String> lastKey(String index) {
    requireUp();
    return super.lastKey(index);
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    requireUp();
    return super.watch(stream, after, changes);
  }

  @Override
  public List<SessionState> sessions() {
    requireUp();
    return super.sessions();
  }

  @Override
  public void forget(long epoch) {
    requireUp();
    super.forget(epoch);
  }

  @Override
  public Session open(String owner, Duration ttl) {
    requireUp();
    Session session = super.open(owner, ttl);
    return new Session() {
      @Override
      public long epoch() {
        return session.epoch();
      }

      @Override
      public boolean renew() {
        requireUp();
        return session.renew();
      }

      @Override
      public void close() {
        requireUp();
        session.close();
      }
    };
  }
}
