package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How commits are handed in, and how their answers are waited for. Thread-safe. */
record Committing(StateStore store, Environment environment) {
  private static final Logger LOG = LoggerFactory.getLogger(Committing.class);

  /** A commit under a fresh transaction id. */
  Commit commit(String stream, List<Guard> guards, List<Write> writes) {
    return new Commit(stream, environment.newId("tx"), guards, writes);
  }

  /**
   * Commits. What a store throws at once it has not taken: that is a refusal if it may pass, and
   * else completes the future with a {@link DimException} that is not retryable. A stage that
   * completes so means the same; any other failure of a stage is an answer that was lost.
   */
  CompletableFuture<CommitResult> handIn(Commit commit) {
    CompletableFuture<CommitResult> answer;
    try {
      answer = store.commit(commit).toCompletableFuture();
    } catch (DimException passing) {
      return passing.retryable()
          ? CompletableFuture.completedFuture(new CommitResult.Refused(passing.getMessage()))
          : failed(passing);
    } catch (Throwable thrown) {
      return failed(cause(thrown));
    }
    return answer.exceptionallyCompose(thrown -> unanswered(commit, cause(thrown)));
  }

  private static CompletableFuture<CommitResult> unanswered(Commit commit, Throwable thrown) {
    if (thrown instanceof IllegalArgumentException
        || thrown instanceof DimException known && !known.retryable()) {
      return failed(thrown);
    }
    LOG.warn("the store failed on a commit; it is looked up", thrown);
    return CompletableFuture.completedFuture(new CommitResult.Unknown(commit.transactionId()));
  }

  private static CompletableFuture<CommitResult> failed(Throwable thrown) {
    LOG.error("a commit cannot be written", thrown);
    return CompletableFuture.failedFuture(
        thrown instanceof DimException
            ? thrown
            : new DimException(
                thrown instanceof IllegalArgumentException
                    ? ErrorInfo.of(
                        ErrorCode.INVALID_ARGUMENT, "cannot be stored: " + thrown.getMessage())
                    : ErrorInfo.of(ErrorCode.INTERNAL, "the store failed on a commit; see the log"),
                thrown));
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  /**
   * Waits for a commit, and looks up what became of it if the answer was lost. Never answers {@link
   * CommitResult.Unknown}.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if that cannot be told now; one that is
   *     not retryable if it can never be committed
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
