package io.powernode.dim.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where jobs are handed in and watched. The one in process, a client of a remote one, and a test
 * double are the same to the host. Thread-safe.
 *
 * <p>An orchestrator acts for one user, {@code local} for a fresh one; {@link #as} gives the view
 * of another. Somebody else's job is as unknown as one that never existed. The view of the host
 * itself, which sees every job, is the one that the builder returned.
 */
public interface Orchestrator extends AutoCloseable {

  /** The user for whom the host's own view submits. */
  String LOCAL_USER = "local";

  /**
   * Accepts a job. When this returns, the job is as durable as the state store promises.
   *
   * @throws InvalidJobException listing everything that is wrong with it
   * @throws DimException with {@link ErrorCode#CONFLICT} if the idempotency key was used with
   *     another specification, {@link ErrorCode#COST_LIMIT}, {@link ErrorCode#OVERLOADED} or {@link
   *     ErrorCode#UNAVAILABLE}
   */
  JobHandle submit(JobSpec spec);

  /**
   * Submits a job and waits for its result, as {@link #submit} and {@link #await} do. An
   * orchestrator in this process runs the job on the calling thread if it need not wait for its
   * turn, and if the limit leaves it all the time that it may take: that saves the change of
   * threads and back, which costs more than a short job itself. Nothing else is different: the job
   * is as durable, and others can look at it and cancel it.
   *
   * @param limit how long to wait at most; a job that ran on the calling thread and has come to its
   *     end is waited for until that is durable, also while the store is out of reach
   * @throws InvalidJobException as {@link #submit} does
   * @throws DimException as {@link #submit} and {@link #await} do
   */
  default JobResult run(JobSpec spec, Duration limit) {
    return submit(spec).await(limit);
  }

  /**
   * The job as it stands; of one that runs at another orchestrator, as it was stored last.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_JOB}
   */
  JobStatus status(String jobId);

  /**
   * The result of a completed job.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_JOB}; with {@link ErrorCode#CONFLICT} while
   *     the job has not ended; with the job's own error if it failed or was cancelled
   */
  JobResult result(String jobId);

  /**
   * The steps of a job that ended, however it ended; empty for patterns without steps.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_JOB}; with {@link ErrorCode#CONFLICT} while
   *     the job has not ended
   */
  List<TraceStep> trace(String jobId);

  /**
   * Asks for the job to be cancelled and returns its state at that moment. A job that ended keeps
   * its state. The rollbacks of a pipeline run before the job ends. The request is as durable as
   * the state store promises; whoever owns the job heeds it as soon as it hears of it.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_JOB}, or with {@link ErrorCode#UNAVAILABLE}
   *     if the request could not be made durable
   */
  JobState cancel(String jobId);

  /**
   * Waits until the job ended and returns its result, as {@link #result} does.
   *
   * @param limit how long to wait at most
   * @throws DimException with {@link ErrorCode#TASK_TIMEOUT} if the job has not ended by then; it
   *     goes on; with {@link ErrorCode#UNAVAILABLE} if the orchestrator is closed meanwhile
   */
  JobResult await(String jobId, Duration limit);

  /**
   * Hears the updates of a job: the current state first, then each change until the terminal one.
   * Of a job that runs at another orchestrator, only what is durable is heard: changes of its
   * state, and the progress that was stored with them.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_JOB}
   */
  Subscription subscribe(String jobId, JobListener listener);

  /**
   * Hands in an expert's decisions for a job that awaits a review: of some of its rows or all. The
   * rows left open are soon asked for again, of anybody, in what is left of the time. When this
   * returns, the review is as durable as the state store promises, and no other one is taken; the
   * job goes on as soon as its owner hears of it.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_JOB}, {@link ErrorCode#CONFLICT} if the job
   *     does not wait for a review, {@link ErrorCode#INVALID_ARGUMENT} naming the row or label that
   *     was not asked for, or {@link ErrorCode#UNAVAILABLE}
   */
  void review(String jobId, Review review);

  /**
   * Lists jobs.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if the filter's cursor is not one
   *     of such a list
   */
  JobPage list(JobFilter filter);

  /**
   * Takes a node out of service, or back in: it finishes what it has and gets nothing new
   * meanwhile. To what it has belong the tasks of accepted jobs that are bound to it, rollbacks
   * above all. For the host's own view.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_NODE} or {@link ErrorCode#FORBIDDEN}
   */
  void maintenance(String nodeId, boolean outOfService);

  /**
   * Registers a model, or a new version of one; running jobs keep what they pinned. For the host's
   * own view.
   *
   * @param file with the descriptor's digest; copied
   * @throws DimException with {@link ErrorCode#MODEL_INVALID} or {@link ErrorCode#FORBIDDEN}
   */
  void register(ModelDescriptor model, Path file);

  /** The nodes that are known now. */
  List<NodeRecord> nodes();

  /** The models that jobs may name. */
  List<ModelDescriptor> models();

  /**
   * The same orchestrator as {@code userId} sees it: only that user's jobs exist.
   *
   * @param userId an identifier, see {@link Ids}
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if it is none, or {@link
   *     ErrorCode#FORBIDDEN} if this is another user's view
   */
  Orchestrator as(String userId);

  /**
   * Refuses new jobs, stops running ones where they stand, and frees what it holds. On a durable
   * store they go on when an orchestrator is started again. Closing a user's view does nothing.
   */
  @Override
  void close();
}
