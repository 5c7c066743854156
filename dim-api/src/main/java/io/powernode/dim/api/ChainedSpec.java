package io.powernode.dim.api;

import java.util.List;
import java.util.Objects;

/**
 * A pipeline: the output of each step feeds the next. The components are the fields of the JSON
 * {@code config}.
 *
 * @param pipeline the steps, at least 2, numbered 1..n
 * @param errorHandling what happens when one fails
 */
public record ChainedSpec(List<PipelineStep> pipeline, ErrorHandling errorHandling)
    implements PatternSpec {

  /** The pattern's name. */
  public static final String PATTERN = "chained";

  /** The most steps a pipeline may have. */
  public static final int MAX_STEPS = 1_000;

  public ChainedSpec {
    Objects.requireNonNull(errorHandling, "errorHandling");
    pipeline = List.copyOf(pipeline);
  }

  @Override
  public String pattern() {
    return PATTERN;
  }

  @Override
  public void validate(Violations violations) {
    validate(violations, 0);
  }

  /** Checks a pipeline that stands so deep inside others. */
  void validate(Violations violations, int depth) {
    violations.require(
        pipeline.size() >= 2 && pipeline.size() <= MAX_STEPS,
        "pipeline",
        () -> "has " + pipeline.size() + " steps",
        "2 to " + MAX_STEPS);
    for (int i = 0; i < pipeline.size(); i++) {
      pipeline.get(i).validate(violations.at("pipeline").at(i), i + 1, depth);
    }
    errorHandling.validate(violations.at("errorHandling"), pipeline.size());
  }
}
