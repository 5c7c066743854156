package io.powernode.dim.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer of a job. Which parts are there depends on the pattern: aggregated or final tensors,
 * decisions a row, or metrics.
 *
 * @param tensors named tensors
 * @param samples how many rows stand behind them
 * @param decisions one decision a row, in the order of the rows
 * @param metrics the quality of a model against known labels
 */
public record JobOutput(
    Map<String, Tensor> tensors,
    Optional<Long> samples,
    List<Decision> decisions,
    Optional<Metrics> metrics) {

  public JobOutput {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    decisions = List.copyOf(decisions);
  }

  /** An answer of tensors. */
  public static JobOutput ofTensors(Map<String, Tensor> tensors) {
    return new JobOutput(tensors, Optional.empty(), List.of(), Optional.empty());
  }

  /** An answer of tensors over a number of rows. */
  public static JobOutput ofTensors(Map<String, Tensor> tensors, long samples) {
    return new JobOutput(tensors, Optional.of(samples), List.of(), Optional.empty());
  }

  /** An answer of decisions. */
  public static JobOutput ofDecisions(List<Decision> decisions) {
    return new JobOutput(Map.of(), Optional.empty(), decisions, Optional.empty());
  }

  /** An answer of metrics. */
  public static JobOutput ofMetrics(Metrics metrics) {
    return new JobOutput(Map.of(), Optional.of(metrics.samples()), List.of(), Optional.of(metrics));
  }
}
