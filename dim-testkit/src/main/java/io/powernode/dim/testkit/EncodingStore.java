package io.powernode.dim.testkit;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Keeps bytes only, as a store on disk does, so that what does not survive encoding is found. */
final class EncodingStore extends ForwardingStore {
  EncodingStore(StateStore store) {
    super(store);
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    List<Write> encoded = commit.writes().stream().map(EncodingStore::encode).toList();
    return super.commit(
        new Commit(commit.stream(), commit.transactionId(), commit.guards(), encoded));
  }

  private static Write encode(Write write) {
    return write instanceof Write.Put put
        ? new Write.Put(put.key(), StoredValue.of(put.value().bytes()), put.indexes())
        : write;
  }
}
