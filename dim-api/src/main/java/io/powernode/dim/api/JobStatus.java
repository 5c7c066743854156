package io.powernode.dim.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as it stands.
 *
 * @param jobId the job
 * @param state its state
 * @param pattern the name of its pattern
 * @param userId who submitted it
 * @param progress how far it is
 * @param estimatedCompletion how long it will probably still take; empty once it ended
 * @param costActual what it has cost so far, in the cost model's unit
 * @param nodes what each node has done for it
 * @param error why it failed or was cancelled, once it was
 * @param review what an expert is asked, while it waits for one
 * @param submittedAt when it was accepted
 * @param endedAt when it ended
 */
public record JobStatus(
    String jobId,
    JobState state,
    String pattern,
    String userId,
    Progress progress,
    Optional<Duration> estimatedCompletion,
    long costActual,
    List<NodeProgress> nodes,
    Optional<ErrorInfo> error,
    Optional<ReviewRequest> review,
    Instant submittedAt,
    Optional<Instant> endedAt) {

  public JobStatus {
    nodes = List.copyOf(nodes);
  }
}
