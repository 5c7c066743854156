package io.powernode.dim.api;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rounds of a collaborative job: every round sends the parameters, which are tensors of the job's
 * {@code inputData}, to the nodes as named inputs of the model beside their rows, and the aggregate
 * of what comes back changes them for the next. Tensors of {@code inputData} that nothing updates
 * stay as they are and are sent along.
 *
 * <p>The optimizers, with their options; {@code learningRate} is of all of them, finite and above
 * 0. Δ is how far and where the aggregate points from a parameter: its new value less the old one,
 * or the gradient with the other sign.
 *
 * <table>
 * <caption>Optimizers</caption>
 * <tr><th>name</th><th>is</th><th>options</th></tr>
 * <tr><td>fedavg</td><td>a step of learningRate × Δ</td><td>learningRate 1</td></tr>
 * <tr><td>momentum</td><td>v ← momentum × v + Δ, and a step of learningRate × v (Hsu et al. 2019,
 * FedAvgM)</td><td>learningRate 1; momentum 0.9, 0 or more and below 1</td></tr>
 * <tr><td>fedadagrad, fedadam, fedyogi</td><td>Algorithm 2 of Reddi et al. 2021, Adaptive Federated
 * Optimization, from m = 0 and v = tau²</td><td>learningRate 0.1; beta1 0.9, of fedadagrad 0, and
 * beta2 0.99, not of fedadagrad, each 0 or more and below 1; tau 0.001, above 0</td></tr>
 * <tr><td>newton</td><td>a step of learningRate × H⁻¹Δ with the Hessian H, solved by Cholesky for
 * each parameter on its own</td><td>learningRate 1, at most 1</td></tr>
 * </table>
 *
 * @param max how many rounds at most, 1 to {@value #MOST}
 * @param optimizer how a round changes the parameters; fedavg by default
 * @param tolerance the job has converged when a round changes the parameters by no more than this,
 *     as the Euclidean norm over all their numbers; with any optimizer but fedavg and newton when
 *     two in a row do, since momentum also stands still where it turns back. Finite and above 0;
 *     without it all rounds run
 * @param updates which of the model's outputs change which parameter, by the parameter's name;
 *     empty for those outputs that are called like a parameter, else the only output for the only
 *     parameter, each as a new value
 * @param options what the optimizer asks for; in JSON, fields beside the others
 */
public record Rounds(
    int max,
    String optimizer,
    Optional<Double> tolerance,
    Map<String, Update> updates,
    Options options) {

  /** The most rounds that a job may have. */
  public static final int MOST = 1_000;

  public Rounds {
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(tolerance, "tolerance");
    Objects.requireNonNull(options, "options");
    updates = Collections.unmodifiableMap(new LinkedHashMap<>(updates));
  }

  /** So many rounds at most with the named optimizer and every other value at its default. */
  public static Rounds of(String optimizer, int max) {
    return new Rounds(max, optimizer, Optional.empty(), Map.of(), Options.none());
  }

  /** Federated averaging, or gradient descent where the updates are gradients. */
  public static Rounds fedAvg(int max) {
    return of("fedavg", max);
  }

  /** Federated averaging with the server's momentum (Hsu et al. 2019). */
  public static Rounds momentum(int max) {
    return of("momentum", max);
  }

  /** Steps scaled by all squared updates so far (Reddi et al. 2021). */
  public static Rounds fedAdagrad(int max) {
    return of("fedadagrad", max);
  }

  /** Steps scaled by a fading mean of squared updates (Reddi et al. 2021). */
  public static Rounds fedAdam(int max) {
    return of("fedadam", max);
  }

  /** Like {@link #fedAdam}, with a mean that changes less at a time (Reddi et al. 2021). */
  public static Rounds fedYogi(int max) {
    return of("fedyogi", max);
  }

  /** Newton's method; every update needs a gradient and a Hessian. */
  public static Rounds newton(int max) {
    return of("newton", max);
  }

  /** The same rounds that end when one changes the parameters by no more than {@code change}. */
  public Rounds tolerance(double change) {
    return new Rounds(max, optimizer, Optional.of(change), updates, options);
  }

  /** The same rounds with one more parameter. */
  public Rounds update(String parameter, Update update) {
    Map<String, Update> more = new LinkedHashMap<>(updates);
    more.put(parameter, update);
    return new Rounds(max, optimizer, tolerance, more, options);
  }

  /** The same rounds with one more option of the optimizer. */
  public Rounds with(String name, Object value) {
    return new Rounds(max, optimizer, tolerance, updates, options.with(name, value));
  }

  void validate(Violations violations) {
    violations.require(max >= 1 && max <= MOST, "max", "is out of range", "1 to " + MOST);
    violations.requireId(optimizer, "optimizer");
    tolerance.ifPresent(change -> violations.requirePositive(change, "tolerance"));
    updates.forEach((name, update) -> update.validate(violations.at("updates").at(name)));
    List<String> outputs = updates.values().stream().flatMap(Update::outputs).toList();
    violations.require(
        new HashSet<>(outputs).size() == outputs.size(),
        "updates",
        "names an output twice",
        "an output of its own for each");
  }

  /**
   * What changes a parameter: names of the model's outputs, each reduced over the nodes' rows and
   * aggregated. It has as many numbers as the parameter, in the same order.
   *
   * @param value the parameter's new value, as the node's own training came to it
   * @param gradient of what is to become least, with respect to the parameter
   * @param hessian beside a gradient, for Newton's method: [k,k] for a parameter of k numbers
   */
  public record Update(
      Optional<String> value, Optional<String> gradient, Optional<String> hessian) {

    public Update {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(gradient, "gradient");
      Objects.requireNonNull(hessian, "hessian");
    }

    /** An output that is the parameter's new value. */
    public static Update value(String output) {
      return new Update(Optional.of(output), Optional.empty(), Optional.empty());
    }

    /** An output that is the gradient. */
    public static Update gradient(String output) {
      return new Update(Optional.empty(), Optional.of(output), Optional.empty());
    }

    /** The same update with an output that is the Hessian. */
    public Update hessian(String output) {
      return new Update(value, gradient, Optional.of(output));
    }

    private Stream<String> outputs() {
      return Stream.of(value, gradient, hessian).flatMap(Optional::stream);
    }

    private void validate(Violations violations) {
      violations.require(
          value.isPresent() != gradient.isPresent(),
          "",
          "has not one of value and gradient",
          "an output that is the new value, or one that is the gradient");
      violations.require(
          hessian.isEmpty() || value.isEmpty(),
          "hessian",
          "goes with a gradient only",
          "left out beside a value");
    }
  }
}
