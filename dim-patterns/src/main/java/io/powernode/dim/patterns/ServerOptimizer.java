package io.powernode.dim.patterns;

import java.util.Optional;

/**
 * How the server moves parameters by what the nodes came to together. It remembers earlier rounds,
 * so each execution has its own; the same rounds give the same steps to the last bit. Not
 * thread-safe.
 */
interface ServerOptimizer {
  /**
   * What to add to a parameter in this round.
   *
   * @param parameter its name
   * @param direction how far and where the aggregate points from it
   * @param hessian row-major, as many rows as the direction has numbers, where there is one
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if there is no such step
   */
  double[] step(String parameter, double[] direction, Optional<double[]> hessian);
}
