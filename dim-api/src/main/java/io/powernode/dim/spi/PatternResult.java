package io.powernode.dim.spi;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.TraceStep;
import java.util.List;

/** How an execution ended. */
public sealed interface PatternResult {

  /**
   * The job is done.
   *
   * @param output the answer
   * @param evidence why
   * @param trace the steps of a pipeline; empty for other patterns
   */
  record Completed(JobOutput output, Evidence evidence, List<TraceStep> trace)
      implements PatternResult {
    public Completed {
      trace = List.copyOf(trace);
    }
  }

  /** The job waits for a review that {@link PatternContext#review} asked for. */
  record AwaitingReview() implements PatternResult {}

  /**
   * The job failed.
   *
   * @param error why
   * @param trace how far it came
   */
  record Failed(ErrorInfo error, List<TraceStep> trace) implements PatternResult {
    public Failed {
      trace = List.copyOf(trace);
    }
  }

  /** The job is done, without a trace. */
  static PatternResult completed(JobOutput output, Evidence evidence) {
    return new Completed(output, evidence, List.of());
  }

  /** The job is done. */
  static PatternResult completed(JobOutput output, Evidence evidence, List<TraceStep> trace) {
    return new Completed(output, evidence, trace);
  }

  /** The job waits for a review. */
  static PatternResult awaitingReview() {
    return new AwaitingReview();
  }

  /** The job failed, without a trace. */
  static PatternResult failed(ErrorInfo error) {
    return new Failed(error, List.of());
  }

  /** The job failed. */
  static PatternResult failed(ErrorInfo error, List<TraceStep> trace) {
    return new Failed(error, trace);
  }
}
