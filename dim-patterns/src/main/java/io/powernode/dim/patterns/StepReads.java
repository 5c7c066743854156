package io.powernode.dim.patterns;

import io.powernode.dim.api.PipelineStep;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which earlier steps a step reads, by number.
 *
 * @param data for its input
 * @param division to divide its rows, and for what passes it by
 * @param when to decide whether it runs
 */
record StepReads(Set<Integer> data, Set<Integer> division, Set<Integer> when) {

  /** What a step names; a condition that cannot be read names nothing. */
  static StepReads of(PipelineStep step) {
    return new StepReads(
        Stream.concat(Stream.of(step.inputSource()), step.inputs().values().stream())
            .flatMap(source -> PipelineStep.sourceStep(source).stream())
            .collect(Collectors.toUnmodifiableSet()),
        Stream.concat(
                condition(step.rows()),
                step.otherwise().asMap().values().stream()
                    .flatMap(value -> PassBy.Reference.of(value).stream())
                    .map(PassBy.Reference::step))
            .collect(Collectors.toUnmodifiableSet()),
        condition(step.when()).collect(Collectors.toUnmodifiableSet()));
  }

  private static Stream<Integer> condition(Optional<String> text) {
    try {
      return text.map(Condition::parse).stream()
          .flatMap(Condition::outputs)
          .map(Condition.Output::step);
    } catch (IllegalArgumentException wrong) {
      return Stream.empty(); // The check of conditions has told it.
    }
  }

  /** What the step's own task reads. */
  Set<Integer> task() {
    return Stream.concat(data.stream(), division.stream()).collect(Collectors.toUnmodifiableSet());
  }

  Stream<Integer> all() {
    return Stream.of(data, division, when).flatMap(Set::stream).distinct();
  }
}
