package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.util.Optional;

/**
 * Newton's method: a step of {@code learningRate × H⁻¹Δ}. With exact sums of gradient and Hessian
 * over the nodes' rows it is the step that all rows in one place would give.
 *
 * @param learningRate above 0, at most 1, which is the undamped step
 */
record NewtonSteps(double learningRate) implements ServerOptimizer {

  @Override
  public double[] step(String parameter, double[] direction, Optional<double[]> hessian) {
    double[] step =
        Cholesky.solve(hessian.orElseThrow(), direction)
            .orElseThrow(
                () ->
                    new DimException(
                        ErrorCode.INVALID_DATA,
                        ("the Hessian of %s is not symmetric and positive definite; allowed: one that"
                                + " is, by more rows, fewer numbers or a penalty in the model")
                            .formatted(parameter)));
    for (int i = 0; i < step.length; i++) {
      step[i] *= learningRate;
    }
    return step;
  }
}
