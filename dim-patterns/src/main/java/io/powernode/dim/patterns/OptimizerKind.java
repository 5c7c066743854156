package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import io.powernode.dim.patterns.AdaptiveSteps.SecondMoment;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The optimizers by name, with the options that {@link io.powernode.dim.api.Rounds} documents. */
enum OptimizerKind {
  FEDAVG(1),
  MOMENTUM(1, "momentum"),
  FEDADAGRAD(0.1, "beta1", "tau"),
  FEDADAM(0.1, "beta1", "beta2", "tau"),
  FEDYOGI(0.1, "beta1", "beta2", "tau"),
  NEWTON(1);

  private static final String LEARNING_RATE = "learningRate";

  private final double learningRate;
  private final Set<String> options = new TreeSet<>(Set.of(LEARNING_RATE));

  OptimizerKind(double learningRate, String... options) {
    this.learningRate = learningRate;
    this.options.addAll(Arrays.asList(options));
  }

  static Optional<OptimizerKind> of(String name) {
    return Arrays.stream(values()).filter(kind -> kind.option().equals(name)).findFirst();
  }

  static Set<String> names() {
    return new TreeSet<>(Arrays.stream(values()).map(OptimizerKind::option).toList());
  }

  private String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a step needs the Hessian beside the gradient. */
  boolean needsHessian() {
    return this == NEWTON;
  }

  /**
   * How many rounds in a row must change next to nothing before nothing will change: a method with
   * momentum also stands still where it turns back.
   */
  int stillRounds() {
    return this == FEDAVG || this == NEWTON ? 1 : 2;
  }

  void validate(Options given, Violations violations) {
    given.allowOnly(violations, options);
    OptionChecks checks = new OptionChecks(given, violations);
    if (this == NEWTON) {
      checks.number(LEARNING_RATE, rate -> rate > 0 && rate <= 1, "above 0, at most 1");
    } else {
      checks.number(LEARNING_RATE, rate -> rate > 0, "above 0");
    }
    for (String fading : Set.of("momentum", "beta1", "beta2")) {
      checks.number(fading, value -> value >= 0 && value < 1, "0 or more and below 1");
    }
    checks.number("tau", tau -> tau > 0, "above 0");
  }

  /** A fresh optimizer with valid options. */
  ServerOptimizer start(Options given) {
    double rate = given.number(LEARNING_RATE).orElse(learningRate);
    double beta2 = given.number("beta2").orElse(0.99);
    return switch (this) {
      case FEDAVG -> new MomentumSteps(rate, 0);
      case MOMENTUM -> new MomentumSteps(rate, given.number("momentum").orElse(0.9));
      case FEDADAGRAD -> adaptive(rate, 0, SecondMoment.sum(), given);
      case FEDADAM -> adaptive(rate, 0.9, SecondMoment.mean(beta2), given);
      case FEDYOGI -> adaptive(rate, 0.9, SecondMoment.towards(beta2), given);
      case NEWTON -> new NewtonSteps(rate);
    };
  }

  private static ServerOptimizer adaptive(
      double rate, double beta1, SecondMoment secondMoment, Options given) {
    return new AdaptiveSteps(
        rate, given.number("beta1").orElse(beta1), given.number("tau").orElse(0.001), secondMoment);
  }
}
