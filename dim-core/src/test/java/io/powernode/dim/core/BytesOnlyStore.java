package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A store that keeps bytes, as one on disk does, so that everything written is really read back.
 */
final class BytesOnlyStore implements StateStore {
  private final StateStore inner;

  BytesOnlyStore(StateStore inner) {
    this.inner = inner;
  }

  @Override
  public Durability durability() {
    return inner.durability();
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    List<Write> writes = new ArrayList<>();
    for (Write write : commit.writes()) {
      writes.add(
          write instanceof Write.Put put
              ? new Write.Put(put.key(), StoredValue.of(put.value().bytes()), put.indexes())
              : write);
    }
    return inner.commit(
        new Commit(commit.stream(), commit.transactionId(), commit.guards(), writes));
  }

  @Override
  public Outcome lookup(String transactionId) {
    return inner.lookup(transactionId);
  }

  @Override
  public Optional<Entry> get(String key) {
    return inner.get(key);
  }

  @Override
  public Page scan(String index, String prefix, Optional<String> after, int limit) {
    return inner.scan(index, prefix, after, limit);
  }

  @Override
  public long count(String index, String prefix) {
    return inner.count(index, prefix);
  }

  @Override
  public Optional<String> lastKey(String index) {
    return inner.lastKey(index);
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> changes) {
    return inner.watch(stream, after, changes);
  }

  @Override
  public Session open(String owner, Duration ttl) {
    return inner.open(owner, ttl);
  }

  @Override
  public List<SessionState> sessions() {
    return inner.sessions();
  }

  @Override
  public void forget(long epoch) {
    inner.forget(epoch);
  }

  @Override
  public void close() {
    inner.close();
  }
}
