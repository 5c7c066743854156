package io.powernode.dim.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a completed job answered and why: the same form for every pattern.
 *
 * @param jobId the job
 * @param state {@link JobState#COMPLETED}
 * @param output the answer
 * @param evidence who contributed, with what weight, agreement, and who was left out and why
 * @param trace the steps of a pipeline, in the order in which they ended
 * @param metadata nodes, time and cost
 */
public record JobResult(
    String jobId,
    JobState state,
    JobOutput output,
    Evidence evidence,
    List<TraceStep> trace,
    Metadata metadata) {

  public JobResult {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(evidence, "evidence");
    trace = List.copyOf(trace);
  }

  /**
   * What the job took.
   *
   * @param nodesUsed the nodes whose answers count, sorted
   * @param totalExecutionTime milliseconds from its acceptance to its end, waits for its turn and
   *     for reviews included; no wall clock has a say in it but for the time at earlier owners
   * @param totalCost in the cost model's unit
   * @param completedAt when it ended
   */
  public record Metadata(
      List<String> nodesUsed, long totalExecutionTime, long totalCost, Instant completedAt) {

    public Metadata {
      nodesUsed = List.copyOf(nodesUsed);
    }
  }
}
