package io.powernode.dim.testkit;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A store behind a line that is cut when the process dies. The store itself is left open: it is not
 * the process's own.
 */
final class ProcessStore extends ForwardingStore {
  private final SimulatedProcess process;

  ProcessStore(StateStore store, SimulatedProcess process) {
    super(store);
    this.process = process;
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    if (!process.isAlive()) {
      return new CompletableFuture<>();
    }
    return process.heard(super.commit(commit));
  }

  @Override
  public Outcome lookup(String transactionId) {
    requireAlive();
    return super.lookup(transactionId);
  }

  @Override
  public Optional<Entry> get(String key) {
    requireAlive();
    return super.get(key);
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    requireAlive();
    return super.scan(index, prefix, after, limit);
  }

  @Override
  public long count(String index, String prefix) {
    requireAlive();
    return super.count(index, prefix);
  }

  @Override
  public Optional<String> lastKey(String index) {
    requireAlive();
    return super.lastKey(index);
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    requireAlive();
    return super.watch(stream, after, change -> process.hear(() -> changes.accept(change)));
  }

  @Override
  public Session open(String owner, Duration ttl) {
    requireAlive();
    return new ProcessSession(super.open(owner, ttl));
  }

  @Override
  public void close() {}

  private void requireAlive() {
    if (!process.isAlive()) {
      throw new DimException(ErrorCode.UNAVAILABLE, "the process was killed");
    }
  }

  private final class ProcessSession implements Session {
    private final Session session;

    ProcessSession(Session session) {
      this.session = session;
    }

    @Override
    public long epoch() {
      return session.epoch();
    }

    @Override
    public boolean renew() {
      requireAlive();
      return session.renew();
    }

    @Override
    public void close() {
      if (process.isAlive()) {
        session.close();
      }
    }
  }
}
