package io.powernode.dim.patterns;

import io.powernode.dim.api.Evidence.Contribution;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What every node that was asked contributed, sorted by its id.
 *
 * @param answers what the nodes answered, accepted or not
 * @param refused why a node's answer does not count, or why there is none
 */
record Contributions(SortedMap<String, Partial> answers, SortedMap<String, String> refused) {

  /**
   * Sorts out the answers.
   *
   * @param stepOf the step name of a node's task
   */
  static Contributions of(
      AskedNodes nodes,
      Function<String, String> stepOf,
      TaskResults results,
      ContributionCheck check) {
    SortedMap<String, Partial> answers = new TreeMap<>();
    SortedMap<String, String> refused = new TreeMap<>(nodes.refused());
    for (String node : nodes.asked()) {
      TaskResult result = results.counted().get(stepOf.apply(node));
      if (result instanceof TaskResult.Success success) {
        Partial partial = new Partial(success.outputs(), success.samples());
        answers.put(node, partial);
        check.problem(partial).ifPresent(problem -> refused.put(node, problem));
      } else if (result instanceof TaskResult.Failure failure) {
        refused.put(
            node, "it failed: " + failure.error().code() + ": " + failure.error().message());
      } else {
        refused.put(node, "it was late");
      }
    }
    refused.putAll(ContributionCheck.outliers(without(answers, refused)));
    return new Contributions(answers, refused);
  }

  /** The answers that count, in canonical order. */
  SortedMap<String, Partial> accepted() {
    return without(answers, refused);
  }

  /** The same with every answer as the function makes it; refused ones may have any form. */
  Contributions map(UnaryOperator<Partial> function) {
    SortedMap<String, Partial> mapped = new TreeMap<>(answers);
    mapped.replaceAll((node, answer) -> function.apply(answer));
    return new Contributions(mapped, refused);
  }

  /** Refusals in one line. */
  static String reasons(SortedMap<String, String> refused) {
    return refused.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }

  /** The evidence of an aggregate that was made of the accepted answers. */
  List<Contribution> evidence(Aggregate aggregate) {
    SortedMap<String, String> reasons = new TreeMap<>(aggregate.rejected());
    reasons.putAll(refused);
    TreeMap<String, Partial> everybody = new TreeMap<>(answers);
    reasons.keySet().forEach(node -> everybody.putIfAbsent(node, new Partial(Map.of(), 0)));
    return everybody.entrySet().stream()
        .map(
            entry ->
                new Contribution(
                    entry.getKey(),
                    aggregate.shares().getOrDefault(entry.getKey(), 0.0),
                    Math.max(0, entry.getValue().samples()),
                    distance(entry.getValue().values(), aggregate.value().values()),
                    !reasons.containsKey(entry.getKey()),
                    Optional.ofNullable(reasons.get(entry.getKey()))))
        .toList();
  }

  /** Defined only where every tensor is of finite floats and has the aggregate's shape. */
  private static Optional<Double> distance(Map<String, Tensor> answer, Map<String, Tensor> whole) {
    if (answer.isEmpty() || !answer.keySet().equals(whole.keySet())) {
      return Optional.empty();
    }
    double squares = 0;
    for (Map.Entry<String, Tensor> entry : whole.entrySet()) {
      Tensor a = Lookup.in(answer, entry.getKey());
      Tensor b = entry.getValue();
      if (!a.dataType().isFloating()
          || !b.dataType().isFloating()
          || !Arrays.equals(a.shape(), b.shape())) {
        return Optional.empty();
      }
      double[] x = a.toDoubles();
      double[] y = b.toDoubles();
      for (int i = 0; i < x.length; i++) {
        squares += (x[i] - y[i]) * (x[i] - y[i]);
      }
    }
    return Optional.of(Math.sqrt(squares)).filter(Double::isFinite);
  }

  private static SortedMap<String, Partial> without(
      SortedMap<String, Partial> answers, SortedMap<String, String> refused) {
    SortedMap<String, Partial> rest = new TreeMap<>(answers);
    rest.keySet().removeAll(refused.keySet());
    return rest;
  }
}
