package io.powernode.dim.testkit;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A store that does what another one does: to stand between it and its orchestrator. */
public abstract class ForwardingStore implements StateStore {
  private final StateStore store;

  /** In front of this store. */
  protected ForwardingStore(StateStore store) {
    this.store = store;
  }

  @Override
  public Durability durability() {
    return store.durability();
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    return store.commit(commit);
  }

  @Override
  public Outcome lookup(String transactionId) {
    return store.lookup(transactionId);
  }

  @Override
  public Optional<Entry> get(String key) {
    return store.get(key);
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    return store.scan(index, prefix, after, limit);
  }

  @Override
  public long count(String index, String prefix) {
    return store.count(index, prefix);
  }

  @Override
  public Optional<String> lastKey(String index) {
    return store.lastKey(index);
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    return store.watch(stream, after, changes);
  }

  @Override
  public Session open(String owner, Duration ttl) {
    return store.open(owner, ttl);
  }

  @Override
  public List<SessionState> sessions() {
    return store.sessions();
  }

  @Override
  public void forget(long epoch) {
    store.forget(epoch);
  }

  @Override
  public void close() {
    store.close();
  }
}
