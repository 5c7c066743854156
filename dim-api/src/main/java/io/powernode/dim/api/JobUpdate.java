package io.powernode.dim.api;

import java.time.Instant;

/**
 * One change of a job. Updates of a job are numbered from 1 without gaps and come in order; the
 * last one carries a terminal state.
 *
 * @param jobId the job
 * @param sequence 1 for the first
 * @param state the state after the change
 * @param progress the progress after the change
 * @param timestamp when
 */
public record JobUpdate(
    String jobId, long sequence, JobState state, Progress progress, Instant timestamp) {}
