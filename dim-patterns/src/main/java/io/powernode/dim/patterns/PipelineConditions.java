package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.ConditionLanguage;
import io.powernode.dim.spi.RowRoute;
import java.util.Map;

/**
 * {@code chained}: the conditions of a pipeline's steps, for rows that stay on their node. The
 * tensors are called as in the condition, {@code step_K_output.NAME}. Thread-safe.
 */
public final class PipelineConditions implements ConditionLanguage {
  /** The name of the language. */
  static final String NAME = "chained";

  /** For the service loader. */
  public PipelineConditions() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean holds(String condition, Map<String, Tensor> tensors) {
    return on(tensors).holds(parsed(condition));
  }

  @Override
  public RowRoute route(String condition, Map<String, Tensor> tensors, int rows) {
    return RowRoute.of(on(tensors).rows(parsed(condition), rows), rows);
  }

  private static ConditionTree parsed(String text) {
    try {
      return ConditionTree.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new DimException(ErrorCode.INVALID_DATA, "condition: " + wrong.getMessage());
    }
  }

  private static ConditionEvaluation on(Map<String, Tensor> tensors) {
    return new ConditionEvaluation(
        output -> {
          Tensor tensor = tensors.get(output.toString());
          if (tensor == null) {
            throw new DimException(
                ErrorCode.INVALID_DATA, "condition: reads " + output + ", which is not there");
          }
          return tensor;
        });
  }
}
