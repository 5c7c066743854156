package io.powernode.dim.testkit;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.TraceStep;
import java.util.List;
import java.util.Optional;

/**
 * What a job came to, without its id and what depends on the time that it took.
 *
 * @param state a terminal one
 * @param output the answer of a completed job
 * @param evidence why
 * @param trace the steps of a pipeline
 * @param error why it did not complete
 */
public record JobOutcome(
    JobState state,
    Optional<JobOutput> output,
    Optional<Evidence> evidence,
    List<TraceStep> trace,
    Optional<ErrorInfo> error) {

  public JobOutcome {
    trace = List.copyOf(trace);
  }
}
