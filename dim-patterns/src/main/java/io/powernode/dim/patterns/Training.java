package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.Contribution;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rounds of one collaborative job. What a round came to is computed from the journaled answers,
 * so nothing else of it needs to be durable.
 */
final class Training {
  private final Gathering gathering;
  private final Rounds rounds;
  private final PatternContext context;
  private final OptimizerKind kind;
  private final ServerOptimizer optimizer;
  private final List<Summary> summaries = new ArrayList<>();
  private Parameters parameters;

  /**
   * What the evidence says of a round; the contributions in full are the last one's.
   *
   * @param refused why a node's answer did not count, or why there was none, by its id
   */
  private record Summary(
      int round, long participating, long samples, double change, Map<String, String> refused) {
    Map<String, Object> told() {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("round", round);
      told.put("participating", participating);
      told.put("samples", samples);
      told.put("change", change);
      told.put("refused", refused);
      return told;
    }
  }

  Training(Gathering gathering, Rounds rounds) {
    this.gathering = gathering;
    this.rounds = rounds;
    this.context = gathering.context();
    this.kind =
        OptimizerKind.of(rounds.optimizer())
            .orElseThrow(
                () ->
                    new DimException(
                        ErrorCode.UNSUPPORTED_OPTION,
                        "optimizer: " + rounds.optimizer() + " is not available here"));
    this.optimizer = kind.start(rounds.options());
    Map<String, Tensor> given = context.inputData();
    Map<String, Update> updates = RoundUpdates.of(rounds, gathering.model(), given.keySet());
    this.parameters = new Parameters(given, updates);
  }

  PatternResult run() {
    for (int round = 1; ; round++) {
      int before = (round - 1) * gathering.steps();
      int all = rounds.max() * gathering.steps();
      Gathering.Outcome outcome =
          gathering.gather(
              "round-" + round, parameters, done -> context.progress(before + done, all));
      if (outcome instanceof Gathering.Failed failed) {
        return failed(round, failed.error());
      }
      Gathering.Gathered gathered = (Gathering.Gathered) outcome;
      Optional<ErrorInfo> problem = move(round, gathered);
      if (problem.isPresent()) {
        return failed(round, problem.get());
      }
      boolean converged = hasConverged();
      if (converged || round == rounds.max()) {
        context.progress(all, all);
        return completed(gathered, converged);
      }
    }
  }

  /** Moves the parameters; answers what is wrong if they cannot be moved. */
  private Optional<ErrorInfo> move(int round, Gathering.Gathered gathered) {
    Aggregate aggregate = gathered.aggregate();
    Map<String, double[]> steps;
    try {
      steps = parameters.steps(aggregate.value().values(), optimizer);
    } catch (DimException e) {
      return Optional.of(e.info());
    }
    parameters = parameters.plus(steps);
    double change = norm(steps);
    if (!Double.isFinite(change) || !Tensors.isFinite(parameters.tensors())) {
      return Optional.of(
          ErrorInfo.of(ErrorCode.INVALID_DATA, "the parameters overflow the range of FP64"));
    }
    List<Contribution> all = gathered.evidence().contributions();
    Map<String, String> refused = refused(all);
    summaries.add(
        new Summary(
            round, all.size() - refused.size(), aggregate.value().samples(), change, refused));
    return Optional.empty();
  }

  private static Map<String, String> refused(List<Contribution> contributions) {
    Map<String, String> refused = new LinkedHashMap<>();
    for (Contribution contribution : contributions) {
      if (!contribution.accepted()) {
        refused.put(contribution.nodeId(), contribution.reason().orElseThrow());
      }
    }
    return refused;
  }

  private static double norm(Map<String, double[]> steps) {
    double norm = 0;
    for (double[] step : steps.values()) {
      for (double number : step) {
        norm = StrictMath.hypot(norm, number); // squares of numbers in range may be out of it
      }
    }
    return norm;
  }

  private boolean hasConverged() {
    int still = kind.stillRounds();
    List<Summary> last = summaries.subList(Math.max(0, summaries.size() - still), summaries.size());
    return rounds.tolerance().isPresent()
        && last.size() == still
        && last.stream().allMatch(round -> round.change() <= rounds.tolerance().get());
  }

  /** The parameters, and what the last round came to besides what changed them. */
  private PatternResult completed(Gathering.Gathered last, boolean converged) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.updates().keySet().forEach(n -> tensors.put(n, parameters.tensors().get(n)));
    Partial value = last.aggregate().value();
    value
        .values()
        .forEach(
            (name, tensor) -> {
              if (!parameters.sizes().containsKey(name)) {
                tensors.putIfAbsent(name, tensor);
              }
            });
    Evidence evidence = last.evidence();
    Options details =
        evidence
            .details()
            .with(CollaborativeEngine.ROUNDS, summaries.stream().map(Summary::told).toList())
            .with(CollaborativeEngine.CONVERGED, converged);
    return PatternResult.completed(
        gathering.reduction().output(new Partial(tensors, value.samples())),
        evidence.with(details));
  }

  private static PatternResult failed(int round, ErrorInfo error) {
    return PatternResult.failed(
        ErrorInfo.of(error.code(), "round " + round + ": " + error.message()));
  }
}
