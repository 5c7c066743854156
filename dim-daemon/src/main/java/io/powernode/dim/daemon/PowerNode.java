package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A node that runs models beside its owner's data, embedded in the owner's process. A task goes
 * through the owner's policy, which denies by default, a bounded queue that is fair between
 * requesters, the model, which is loaded once and shared, and the reduction, to the one gate
 * through which anything leaves. Thread-safe.
 *
 * <p>A node keeps unacknowledged answers, the epochs of jobs and the answers of actions in bounded
 * memory while it lives: as far back as that reaches, it answers a task's identity once, refuses a
 * job's lower epoch, performs an action once under its idempotency key, and never after it was
 * asked to undo it. Rows that stay between the tasks of a job are in bounded memory too, until the
 * job has ended or nobody has used them for a time.
 */
public final class PowerNode implements NodeEndpoint, AutoCloseable {
  private static final Duration LONGEST_DEADLINE = Duration.ofDays(30);
  private static final int KEPT_ANSWERS = 10_000;
  private static final long KEPT_ANSWER_BYTES = 256L << 20;
  private static final int FENCED_JOBS = 100_000;

  private static final ErrorInfo TIMED_OUT =
      ErrorInfo.of(ErrorCode.TASK_TIMEOUT, "the task did not finish in its time");
  private static final ErrorInfo CANCELLED =
      ErrorInfo.of(ErrorCode.CANCELLED, "the task was cancelled");
  private static final ErrorInfo FENCED =
      ErrorInfo.of(ErrorCode.FENCED, "another orchestrator owns the job since");
  private static final ErrorInfo CLOSED = ErrorInfo.of(ErrorCode.UNAVAILABLE, "the node is closed");

  private final NodeParts parts;
  private final Admission admission;
  private final Environment environment;
  private final Slots slots;
  private final Companions companions;
  private final Runnable afterClose;
  private final Answers answers = new Answers(KEPT_ANSWERS, KEPT_ANSWER_BYTES);
  private final EpochFence fence = new EpochFence(FENCED_JOBS);
  private final AtomicBoolean closed = new AtomicBoolean();

  PowerNode(
      NodeParts parts,
      Admission admission,
      Environment environment,
      Executor atOnce,
      Slots.Size size,
      Runnable afterClose) {
    this.parts = parts;
    this.admission = admission;
    this.environment = environment;
    this.slots = new Slots(environment, atOnce, size, this::perform, run -> stop(run, CLOSED));
    this.companions = new Companions(slots);
    this.afterClose = afterClose;
  }

  /**
   * Begins a node.
   *
   * @param nodeId its id, an identifier
   */
  public static PowerNodeBuilder builder(String nodeId) {
    return new PowerNodeBuilder(nodeId);
  }

  @Override
  public NodeProfile profile() {
    return parts.profile();
  }

  @Override
  public NodeLoad load() {
    return new NodeLoad(
        slots.active(), slots.queued(), slots.count(), Hardware.cpuLoad(), parts.models().warm());
  }

  @Override
  public void attach(BlobSource models) {
    parts.models().attach(models);
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    TaskRun run;
    try {
      requireDeadline(deadline);
      fence.pass(task.id().jobId(), task.epoch());
      // Before a kept answer is looked up: who may not ask gets none.
      Admission.Work work = admission.admit(task);
      run = new TaskRun(parts.nodeId(), task, work, deadline, environment::nanoTime);
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(Failures.of(e, parts.nodeId(), task, 0));
    }
    Optional<CompletionStage<TaskResult>> known = answers.claim(run);
    if (known.isEmpty()) {
      begin(run, deadline);
    }
    return known.orElseGet(run::answer);
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    if (fence.see(task.jobId(), epoch)) {
      answers.running(task).ifPresent(run -> stop(run, epoch, CANCELLED));
    }
  }

  @Override
  public void acknowledge(TaskId task) {
    answers.forget(task);
  }

  @Override
  public void release(String jobId) {
    parts.kept().release(jobId);
  }

  /**
   * Refuses new tasks, stops those that wait or run, waits until running inferences and actions
   * have really ended, and then closes the models. If the waiting thread is interrupted, models and
   * threads stay as they are: closing a model under its inference could bring the process down.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    slots.close();
    answers.allRunning().forEach(run -> stop(run, CLOSED));
    try {
      slots.awaitIdle();
      parts.models().close();
      parts.kept().clear();
      afterClose.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(TaskRun run, Duration deadline) {
    try {
      Subscription timer = environment.schedule(deadline, () -> stop(run, TIMED_OUT));
      run.whenEnded(timer::close);
      slots.submit(run);
    } catch (RuntimeException e) {
      answers.end(run, run.failure(e));
    }
  }

  private void perform(TaskRun first) {
    List<TaskRun> runs = companions.of(first).stream().filter(this::isWanted).toList();
    List<Release> releases = runs.size() > 1 ? Companions.run(runs) : List.of();
    if (releases.isEmpty()) {
      runs.forEach(this::performAlone);
    }
    for (int i = 0; i < releases.size(); i++) {
      TaskRun run = runs.get(i);
      end(run, run.success(releases.get(i)));
    }
  }

  /** What waited for its turn under an earlier owner of its job does not begin under a later. */
  private boolean isWanted(TaskRun run) {
    stop(run, fence.highest(run.id().jobId()) - 1, FENCED);
    if (run.isOverdue()) {
      stop(run, TIMED_OUT);
    }
    return !run.hasEnded();
  }

  private void performAlone(TaskRun run) {
    if (!isWanted(run)) {
      return;
    }
    TaskResult result;
    try {
      result = run.success();
      // Plugins and native code may fail with anything, and somebody waits for the answer.
    } catch (Throwable e) {
      result = run.failure(e);
    }
    end(run, result);
  }

  /** Rows of an answer that comes too late stay for nobody: no one hears of their handle. */
  private void end(TaskRun run, TaskResult result) {
    if (!answers.end(run, result) && result instanceof TaskResult.Success success) {
      success.handle().ifPresent(handle -> parts.kept().drop(run.id().jobId(), handle));
    }
  }

  private void stop(TaskRun run, ErrorInfo error) {
    stop(run, Long.MAX_VALUE, error);
  }

  /** Stops a task, unless it is asked for in a later epoch than this. */
  private void stop(TaskRun run, long epoch, ErrorInfo error) {
    if (answers.leave(run, epoch)) {
      slots.withdraw(run);
      run.complete(run.failure(new DimException(error)));
      run.cancel();
    }
  }

  private static void requireDeadline(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "deadline: is out of range; allowed: above 0, up to 30 days");
    }
  }
}
