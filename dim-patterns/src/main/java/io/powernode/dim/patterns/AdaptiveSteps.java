package io.powernode.dim.patterns;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code m ← beta1 × m + (1 − beta1) × Δ} from m = 0, a second moment v of Δ² from v = tau², and a
 * step of {@code learningRate × m / (√v + tau)}, number by number. Source: Reddi et al., Adaptive
 * Federated Optimization, ICLR 2021, Algorithm 2; there is no correction of the first rounds' bias,
 * as there is none in the paper.
 */
final class AdaptiveSteps implements ServerOptimizer {
  private final double learningRate;
  private final double beta1;
  private final double tau;
  private final SecondMoment secondMoment;
  private final Map<String, Moments> moments = new HashMap<>();

  AdaptiveSteps(double learningRate, double beta1, double tau, SecondMoment secondMoment) {
    this.learningRate = learningRate;
    this.beta1 = beta1;
    this.tau = tau;
    this.secondMoment = secondMoment;
  }

  /** How the second moment goes on. */
  interface SecondMoment {
    /** The next one, given the present one and Δ². */
    double next(double present, double squared);

    /** FedAdagrad's: the sum of all. */
    static SecondMoment sum() {
      return (v, squared) -> v + squared;
    }

    /** FedAdam's: a fading mean. */
    static SecondMoment mean(double beta2) {
      return (v, squared) -> beta2 * v + (1 - beta2) * squared;
    }

    /** FedYogi's: towards Δ², by a share of Δ² however far v is. */
    static SecondMoment towards(double beta2) {
      return (v, squared) -> v - (1 - beta2) * squared * Math.signum(v - squared);
    }
  }

  private record Moments(double[] first, double[] second) {
    static Moments of(int numbers, double initial) {
      Moments moments = new Moments(new double[numbers], new double[numbers]);
      Arrays.fill(moments.second, initial);
      return moments;
    }
  }

  @Override
  public double[] step(String parameter, double[] direction, Optional<double[]> hessian) {
    Moments own =
        moments.computeIfAbsent(parameter, first -> Moments.of(direction.length, tau * tau));
    double[] step = new double[direction.length];
    for (int i = 0; i < step.length; i++) {
      double delta = direction[i];
      own.first[i] = beta1 * own.first[i] + (1 - beta1) * delta;
      own.second[i] = secondMoment.next(own.second[i], delta * delta);
      step[i] = learningRate * own.first[i] / (Math.sqrt(own.second[i]) + tau);
    }
    return step;
  }
}
