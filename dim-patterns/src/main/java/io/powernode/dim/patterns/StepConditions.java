package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.RowRoute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a step of a pipeline is to run, by its condition and the answers so far. */
final class StepConditions {
  private final List<PipelineStep> pipeline;
  private final StepSources sources;
  private final Map<Integer, StepOutput> outputs;

  /**
   * Conditions on these answers.
   *
   * @param outputs by step number, without those that were skipped; read at each call
   */
  StepConditions(
      List<PipelineStep> pipeline, StepSources sources, Map<Integer, StepOutput> outputs) {
    this.pipeline = pipeline;
    this.sources = sources;
    this.outputs = outputs;
  }

  /**
   * Whether all that the step reads was answered and its condition, if it has one, holds.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if the condition does not fit the
   *     answers
   */
  boolean hold(PipelineStep step) {
    Optional<Condition> condition = step.when().map(Condition::parse);
    Stream<Integer> compared =
        Stream.concat(condition.stream(), step.rows().map(Condition::parse).stream())
            .flatMap(Condition::outputs)
            .map(Condition.Output::step);
    return Stream.concat(sources.steps(step), compared).allMatch(outputs::containsKey)
        && condition.map(c -> new ConditionEvaluation(this::tensor).holds(c)).orElse(true);
  }

  /**
   * Which of so many rows of the step's data go through it; empty if it declares none.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if the condition does not fit the
   *     answers
   */
  Optional<RowRoute> route(PipelineStep step, int rows) {
    return step.rows()
        .map(Condition::parse)
        .map(condition -> new ConditionEvaluation(this::tensor).rows(condition, rows))
        .map(through -> RowRoute.of(through, rows));
  }

  private Tensor tensor(Condition.Output output) {
    Tensor tensor = Lookup.in(outputs, output.step()).tensors().get(output.name());
    if (tensor == null) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "the condition reads %s, and %s has no output of that name"
              .formatted(output, StepInputs.label(pipeline.get(output.step() - 1))));
    }
    return tensor;
  }
}
