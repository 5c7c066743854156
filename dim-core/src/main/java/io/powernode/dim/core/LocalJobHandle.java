package io.powernode.dim.core;

import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Subscription;
import java.time.Duration;

/** A submitted job. */
record LocalJobHandle(
    Orchestrator orchestrator, String jobId, long estimatedCost, Duration estimatedCompletion)
    implements JobHandle {

  @Override
  public JobStatus status() {
    return orchestrator.status(jobId);
  }

  @Override
  public JobResult await(Duration limit) {
    return orchestrator.await(jobId, limit);
  }

  @Override
  public JobState cancel() {
    return orchestrator.cancel(jobId);
  }

  @Override
  public Subscription subscribe(JobListener listener) {
    return orchestrator.subscribe(jobId, listener);
  }
}
