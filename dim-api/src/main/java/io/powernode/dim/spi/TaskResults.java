package io.powernode.dim.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of tasks that ran side by side.
 *
 * @param counted the results that count, by step name, in the order in which the tasks were given
 * @param late the step names of tasks that had not answered when the wait ended
 */
public record TaskResults(Map<String, TaskResult> counted, List<String> late) {

  public TaskResults {
    counted = Collections.unmodifiableMap(new LinkedHashMap<>(counted));
    late = List.copyOf(late);
  }

  /** The answers that went well, in task order. */
  public List<TaskResult.Success> successes() {
    return counted.values().stream()
        .filter(TaskResult.Success.class::isInstance)
        .map(TaskResult.Success.class::cast)
        .toList();
  }

  /** The failures, in task order. */
  public List<TaskResult.Failure> failures() {
    return counted.values().stream()
        .filter(TaskResult.Failure.class::isInstance)
        .map(TaskResult.Failure.class::cast)
        .toList();
  }
}
