package io.powernode.dim.api;

import java.time.Duration;

/** A job that was accepted, for the one who submitted it. Thread-safe. */
public interface JobHandle {
  /** The job's id. */
  String jobId();

  /** What the job will probably cost, in the cost model's unit. */
  long estimatedCost();

  /** How long the job will probably take, from observed jobs; a guess while there are none. */
  Duration estimatedCompletion();

  /** See {@link Orchestrator#status}. */
  JobStatus status();

  /** See {@link Orchestrator#await}. */
  JobResult await(Duration limit);

  /** See {@link Orchestrator#cancel}. */
  JobState cancel();

  /** See {@link Orchestrator#subscribe}. */
  Subscription subscribe(JobListener listener);
}
