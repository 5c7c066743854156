package io.powernode.dim.patterns;

import io.powernode.dim.api.PipelineStep;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which earlier steps a step reads, by number.
 *
 * @param data for its input
 * @param division to divide its rows, and for what passes it by
 * @param when to decide whether it runs
 */
record StepReads(Set<Integer> data, Set<Integer> division, Set<Integer> when) {

  /** What a step names and reads; a condition that cannot be read names nothing. */
  static StepReads of(PipelineStep step, StepSources sources) {
    Set<Integer> division = condition(step.rows());
    for (Object value : step.otherwise().asMap().values()) {
      PassBy.Reference.of(value).map(PassBy.Reference::step).ifPresent(division::add);
    }
    return new StepReads(
        Set.copyOf(sources.steps(step)), Set.copyOf(division), Set.copyOf(condition(step.when())));
  }

  private static Set<Integer> condition(Optional<String> text) {
    Set<Integer> steps = new HashSet<>();
    try {
      text.map(ConditionTree::parse)
          .ifPresent(known -> known.outputs().forEach(output -> steps.add(output.step())));
    } catch (IllegalArgumentException wrong) {
      // The check of conditions has told it.
    }
    return steps;
  }

  /** What the step's own task reads. */
  Set<Integer> task() {
    return division.isEmpty() ? data : union(data, division);
  }

  Set<Integer> all() {
    return when.isEmpty() ? task() : union(task(), when);
  }

  private static Set<Integer> union(Set<Integer> some, Set<Integer> others) {
    Set<Integer> both = new HashSet<>(some);
    both.addAll(others);
    return both;
  }
}
