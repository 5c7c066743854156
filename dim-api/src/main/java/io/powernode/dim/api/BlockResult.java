package io.powernode.dim.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pattern came to that ran as a step of a pipeline.
 *
 * @param output the answer; empty if it failed
 * @param evidence why the answer is what it is; empty if it failed
 * @param trace the steps of a pipeline; empty for other patterns
 */
public record BlockResult(
    Optional<JobOutput> output, Optional<Evidence> evidence, List<TraceStep> trace) {

  public BlockResult {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(evidence, "evidence");
    trace = List.copyOf(trace);
  }
}
