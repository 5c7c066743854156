package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How commits are handed in, and how their answers are waited for. Thread-safe. */
record Committing(StateStore store, Environment environment) {
  private static final Logger LOG = LoggerFactory.getLogger(Committing.class);

  /** A commit under a fresh transaction id. */
  Commit commit(String stream, List<Guard> guards, List<Write> writes) {
    return new Commit(stream, environment.newId("tx"), guards, writes);
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
    CommitResult result = Waiting.on(environment, commit);
    if (result instanceof CommitResult.Unknown unknown) {
      return store.lookup(unknown.transactionId()) == StateStore.Outcome.COMMITTED
          ? new CommitResult.Committed(0)
          : new CommitResult.Refused("the connection was lost");
    }
    return result;
  }
}
