package io.powernode.dim.spi;

import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What an engine may do. Every call with a step name is durable under that name: the first
 * execution does it and journals the answer, later ones get the journaled answer. A step name is
 * unique within its scope (the job, or one {@link #child}), and text without U+0000 and unpaired
 * surrogates, of 1,000 bytes in UTF-8 at most together with the names of the steps that it is
 * nested in. Another name, using one twice or for something else than the journal has, and asking
 * for something new before all that the journal has, fail the job with {@link
 * io.powernode.dim.api.ErrorCode#ENGINE_FAULT}.
 *
 * <p>Used by one thread only; concurrency is {@link #runAll}'s business. When the job is cancelled
 * or out of time, the call under way, and every later one that the journal has no answer to, throws
 * a {@link io.powernode.dim.api.DimException}. The engine lets it pass, or calls {@link #rollback},
 * which still works, and returns {@link PatternResult.Failed} with that error.
 */
public interface PatternContext {
  /** The job's id. */
  String jobId();

  /** The tensors that came with the job, or that a nested pattern is given; empty if none did. */
  Map<String, Tensor> inputData();

  /** The models as pinned at submit, the nodes as they stand, and the plugins. */
  Catalog catalog();

  /**
   * Chooses nodes, once: the choice is recorded.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#NO_ELIGIBLE_NODE} or {@link
   *     io.powernode.dim.api.ErrorCode#UNKNOWN_NODE}, saying which filter removed how many
   */
  NodeSet nodes(String step, NodeRequirements requirements);

  /**
   * Runs one task and waits for its answer. A transient failure is retried with backoff, elsewhere
   * if the task may move, a bounded number of times; the answer is the last one.
   */
  TaskResult run(Task task);

  /**
   * Runs tasks side by side and waits until {@code until} is satisfied. Who counted is recorded
   * under {@code step}; tasks that did not count are cancelled, and what they answer later is
   * recorded as late and never applied.
   *
   * @param tasks with distinct step names, all different from {@code step}
   */
  TaskResults runAll(String step, List<Task> tasks, Until until);

  /**
   * Runs a nested pattern in a key space of its own, without a job slot of its own; patterns nest
   * at most {@link PatternSpec#MAX_NESTING} deep. If it waits for a review, so must the engine that
   * runs it: it returns {@link PatternResult#awaitingReview} then. Its compensations stay
   * registered when it is done, and {@link #rollback} knows them by {@code step} too.
   *
   * @return how it ended; failed too if its engine threw a {@link
   *     io.powernode.dim.api.DimException} of its own
   */
  BlockOutcome child(String step, Block block);

  /**
   * The review asked for under {@code step}. Empty while there is none: the engine must then return
   * {@link PatternResult#awaitingReview} and runs again when the review is there. The first call
   * makes the request visible.
   *
   * <p>A review may decide some of the requested rows only. An engine that wants the others decided
   * too asks for them under another step name, with {@link ReviewAnswer#left} as the time limit, so
   * that partial answers do not start the time anew.
   */
  Optional<ReviewAnswer> review(String step, ReviewRequest request);

  /**
   * Keeps any other fact that must not change when the engine runs again.
   *
   * @param type a record, or one of String, Boolean, Integer, Long, Double, Instant
   * @param value computes the fact; called at most once for a durable journal
   */
  <T> T record(String step, Class<T> type, Supplier<T> value);

  /**
   * Registers how to undo a step that will run next. The compensation is durable before that step
   * is sent. It runs when {@link #rollback} is called, or by itself when the job is cancelled,
   * fails or runs out of time. It is left out if its step certainly did nothing: it was never sent,
   * or failed and no attempt of it was lost. A step that may have acted is undone, with an empty
   * input if it did not answer. Where both are actions, on the same node, the compensation waits
   * until the step's is over, and that does not begin after it; on another node the host has to see
   * to that.
   *
   * @param undoes the step name of the task that it undoes
   * @param compensation run at most once successfully; reads what the step answered by {@link
   *     TaskInput.OutputOf}
   */
  void onRollback(String undoes, Task compensation);

  /**
   * Runs all registered compensations, see {@link #rollback(String, Set, Duration)}.
   *
   * @param limit how long all of them together may take
   * @return what was undone and what was not, in the order in which it was tried
   */
  List<RollbackOutcome> rollback(String step, Duration limit);

  /**
   * Runs registered compensations in the reverse order of their registration and forgets them. A
   * failed one does not stop the others.
   *
   * @param undoes the step names of the tasks to undo, and of {@link #child nested patterns} all of
   *     whose tasks are to be undone; other compensations stay registered
   * @param limit how long all of them together may take
   * @return what was undone and what was not, in the order in which it was tried
   */
  List<RollbackOutcome> rollback(String step, Set<String> undoes, Duration limit);

  /** Tells people how far the job is; left out in a nested pattern. Not durable. */
  void progress(int done, int total);

  /**
   * A review as the engine sees it.
   *
   * @param review the expert's decisions, one or more; empty when the time limit passed
   * @param at when it was handed in, or when the time ran out
   * @param left what was left of the request's time limit then, 0 or more; empty if it had none
   */
  record ReviewAnswer(Optional<Review> review, Instant at, Optional<Duration> left) {}
}
