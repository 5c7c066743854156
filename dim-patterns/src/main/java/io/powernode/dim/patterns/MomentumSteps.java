package io.powernode.dim.patterns;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code v ← momentum × v + Δ} from v = 0, and a step of {@code learningRate × v}; without momentum
 * and with a learning rate of 1 that is federated averaging. Source: Hsu, Qi and Brown, Measuring
 * the Effects of Non-Identical Data Distribution for Federated Visual Classification, 2019
 * (FedAvgM).
 */
final class MomentumSteps implements ServerOptimizer {
  private final double learningRate;
  private final double momentum;
  private final Map<String, double[]> velocities = new HashMap<>();

  MomentumSteps(double learningRate, double momentum) {
    this.learningRate = learningRate;
    this.momentum = momentum;
  }

  @Override
  public double[] step(String parameter, double[] direction, Optional<double[]> hessian) {
    double[] velocity =
        velocities.computeIfAbsent(parameter, first -> new double[direction.length]);
    double[] step = new double[direction.length];
    for (int i = 0; i < step.length; i++) {
      velocity[i] = momentum * velocity[i] + direction[i];
      step[i] = learningRate * velocity[i];
    }
    return step;
  }
}
