package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.CommitResult;
import java.util.Collection;
import java.util.List;

/** What is answered to whoever handed in a commit. */
sealed interface Answer {
  /** Completes the commit's stage. */
  void complete(Pending pending);

  /** Answers with results, in their order. */
  static List<Answer> of(Collection<CommitResult> results) {
    return results.stream().<Answer>map(Result::new).toList();
  }

  /** What became of it. */
  record Result(CommitResult result) implements Answer {

    @Override
    public void complete(Pending pending) {
      pending.answer().complete(result);
    }
  }

  /**
   * Nothing, now or later.
   *
   * @param why is not retryable
   */
  record Impossible(DimException why) implements Answer {

    @Override
    public void complete(Pending pending) {
      pending.answer().completeExceptionally(why);
    }
  }
}
