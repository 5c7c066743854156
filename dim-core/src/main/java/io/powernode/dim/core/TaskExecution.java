package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Brings one task to an end: sends it, waits, retries what is transient, and journals the answer. A
 * task with an effect is only ever tried on one node, since a node that was lost may have done it.
 */
final class TaskExecution {
  private static final Duration UNSURE = Duration.ofMillis(100);

  private final Dispatcher dispatcher;
  private final JobRun run;
  private final Journal journal;
  private final PreparedTask task;
  private final StopSignal stop;
  private final Deadline deadline;
  private final CompletableFuture<TaskResult> done = new CompletableFuture<>();
  private final Runnable onStop = this::cancel;
  private final Object lock = new Object();
  private final Set<String> failedOn = new HashSet<>();
  private Subscription timer = () -> {};
  private String node = "";

  /** Where an answer is awaited from. */
  private String sentTo = "";

  private int attempt = 1;
  private boolean mayHaveActed;
  private boolean answered;
  private boolean finished;

  /** An execution that has not started. */
  TaskExecution(
      Dispatcher dispatcher,
      JobRun run,
      Journal journal,
      PreparedTask task,
      StopSignal stop,
      Deadline deadline) {
    this.dispatcher = dispatcher;
    this.run = run;
    this.journal = journal;
    this.task = task;
    this.stop = stop;
    this.deadline = deadline;
  }

  /** Starts; the future completes with the last attempt's answer. */
  CompletableFuture<TaskResult> start() {
    stop.onStop(onStop);
    if (done.isDone()) {
      return done;
    }
    Optional<Fact.Intent> intent = journal.intent(task.key());
    if (intent.isPresent()) {
      synchronized (lock) {
        mayHaveActed = true;
        attempt = intent.get().attempt();
        node = intent.get().nodeId();
      }
      call();
    } else {
      next();
    }
    return done;
  }

  /**
   * Gives up: what is still answered is late. A job that is left to its next owner leaves its tasks
   * running, since that owner asks for the same answers.
   */
  void cancel() {
    String where;
    int late;
    synchronized (lock) {
      if (finished) {
        return;
      }
      finished = true;
      timer.close();
      where = sentTo;
      late = attempt;
    }
    stop.forget(onStop);
    if (!where.isEmpty() && run.leave().reason().isEmpty()) {
      dispatcher.cancel(where, task, late);
      run.ledger().late(where);
    }
    ErrorInfo nobodyWaits = ErrorInfo.of(ErrorCode.CANCELLED, "nobody waits for the task any more");
    ErrorInfo why = stop.reason().orElse(nobodyWaits);
    done.complete(TaskResult.failure(where, why.about("task", task.key()).about("node", where), 0));
  }

  private void next() {
    int now;
    synchronized (lock) {
      now = attempt;
    }
    String chosen;
    try {
      chosen = chooseNode();
    } catch (DimException refusal) {
      ended(now, TaskResult.failure("", refusal.info(), 0));
      return;
    }
    synchronized (lock) {
      if (finished) {
        return;
      }
      node = chosen;
    }
    CompletableFuture<Void> before = before(chosen, now);
    if (before.isDone() && !before.isCompletedExceptionally()) {
      call();
      return;
    }
    before.whenComplete(
        (durable, lost) -> {
          if (lost == null) {
            onWorker(this::call);
          } else {
            cancel();
          }
        });
  }

  /** Not on the thread that tells what is durable: a node may keep it for a while. */
  private void onWorker(Runnable work) {
    try {
      dispatcher.environment().execute(work);
    } catch (RejectedExecutionException shutDown) {
      cancel();
    }
  }

  /** What must be durable before the task is sent. */
  private CompletableFuture<Void> before(String chosen, int now) {
    if (task.isEffectful()) {
      return journal.appendNow(task.key(), task.request(), new Fact.Intent(chosen, now));
    }
    return journal.canUndo(task.key())
        ? journal.flushed()
        : CompletableFuture.completedFuture(null);
  }

  private String chooseNode() {
    Set<String> failed;
    synchronized (lock) {
      if (task.isEffectful() && !node.isEmpty()) {
        return node;
      }
      failed = Set.copyOf(failedOn);
    }
    return dispatcher.nodeFor(task, failed);
  }

  /** Not while another orchestrator may own the job: the node need not have heard of it. */
  private void call() {
    if (!run.writer().isSure()) {
      synchronized (lock) {
        if (!finished) {
          timer = dispatcher.environment().schedule(UNSURE, () -> onWorker(this::call));
        }
      }
      return;
    }
    send();
  }

  private void send() {
    int now;
    String where;
    long started = dispatcher.environment().nanoTime();
    Duration limit = Duration.ofNanos(deadline.at() - started);
    Duration own = task.task().limits().timeout().orElse(limit);
    Duration wait = own.compareTo(limit) < 0 ? own : limit;
    synchronized (lock) {
      if (finished) {
        return;
      }
      now = attempt;
      where = node;
      answered = false;
      if (!wait.isNegative() && !wait.isZero()) {
        sentTo = where;
        // Where the job's time ends first, or the rollback's, that ends the task.
        timer =
            own.compareTo(limit) < 0 || deadline.isSilent()
                ? dispatcher.environment().schedule(wait, () -> timedOut(now, wait))
                : () -> {};
      }
    }
    if (wait.isNegative() || wait.isZero()) {
      ended(now, failure(where, ErrorCode.TASK_TIMEOUT, "no time was left for the task", 0));
      return;
    }
    run.ledger().sent(where);
    if (task.keepsRows()) {
      run.ledger().keeps(where);
    }
    dispatcher.send(where, task.envelope(now), wait).thenAccept(result -> ended(now, result));
  }

  private void timedOut(int of, Duration wait) {
    String where;
    synchronized (lock) {
      if (finished || answered || of != attempt) {
        return;
      }
      where = node;
    }
    ended(
        of,
        failure(
            where,
            ErrorCode.TASK_TIMEOUT,
            "the node did not answer within " + wait.toMillis() + " ms",
            wait.toMillis()));
    // Only now, since the node may answer at once that it was cancelled.
    dispatcher.cancel(where, task, of);
  }

  private void ended(int of, TaskResult result) {
    boolean isLate;
    synchronized (lock) {
      isLate = finished || answered || of != attempt;
      answered |= !isLate;
      if (!isLate) {
        timer.close();
        sentTo = "";
        mayHaveActed |= task.mayHaveActed(result);
      }
    }
    if (isLate) {
      forgetLate(of, result);
      return;
    }
    dispatcher.observe(result);
    if (result instanceof TaskResult.Failure failure && mayRetry(failure)) {
      retry();
    } else {
      finish(result);
    }
  }

  /**
   * What nobody will ask for again must not push out of the node what somebody may. Until the end
   * of the job is durable, a next owner may ask.
   */
  private void forgetLate(int of, TaskResult result) {
    String where = result.nodeId();
    TaskId id = task.id(of);
    if (!where.isEmpty()) {
      run.over().whenOver(() -> run.ending().ifPresent(ended -> dispatcher.acknowledge(where, id)));
    }
  }

  private boolean mayRetry(TaskResult.Failure failure) {
    int most =
        task.task().limits().retries().map(r -> r + 1).orElse(dispatcher.retries().maxAttempts());
    return failure.error().retryable()
        && attempt < most
        && stop.reason().isEmpty()
        && deadline.at() - dispatcher.environment().nanoTime() > 0;
  }

  private void retry() {
    Duration delay = dispatcher.retries().delay(attempt, dispatcher.environment().random());
    synchronized (lock) {
      if (finished) {
        return;
      }
      failedOn.add(node);
      attempt++;
      answered = false;
      timer =
          dispatcher
              .environment()
              .schedule(delay, () -> dispatcher.environment().execute(this::next));
    }
  }

  private void finish(TaskResult result) {
    int attempts;
    TaskResult last;
    synchronized (lock) {
      if (finished) {
        return;
      }
      finished = true;
      attempts = attempt;
      last = storable(result).afterAttempts(attempts);
    }
    stop.forget(onStop);
    run.ledger().ended(last);
    Fact.Answer answer = new Fact.Answer(last, mayHaveActed);
    boolean isWaitedFor = task.task().effect() != Effect.PURE;
    CompletableFuture<Void> durable =
        isWaitedFor
            ? journal.appendNow(task.key(), task.request(), answer)
            : journal.append(task.key(), task.request(), answer);
    durable.thenRun(() -> dispatcher.acknowledge(last.nodeId(), task.id(attempts)));
    if (!isWaitedFor) {
      done.complete(last);
    } else {
      durable.whenComplete(
          (written, lost) -> {
            if (lost == null) {
              done.complete(last);
            } else {
              done.completeExceptionally(lost);
            }
          });
    }
  }

  /** Under the lock. What cannot be written down cannot be told to an engine that runs again. */
  private TaskResult storable(TaskResult result) {
    return Encodable.is(result)
        ? result
        : failure(
            node,
            ErrorCode.INTERNAL,
            "the node's answer holds an unpaired surrogate; allowed: Unicode text",
            result.durationMs());
  }

  private TaskResult failure(String nodeId, ErrorCode code, String message, long durationMs) {
    ErrorInfo error = ErrorInfo.of(code, message).about("task", task.key()).about("node", nodeId);
    return TaskResult.failure(nodeId, error, durationMs);
  }
}
