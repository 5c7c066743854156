package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.QuorumOutcome;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import io.powernode.dim.spi.Until.Quorum;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntConsumer;

/**
 * Asks the nodes of a collaborative job and aggregates what they answer, once or round by round.
 *
 * @param minimum the fewest contributions that the aggregation can work with
 */
record Gathering(
    CollaborativeSpec spec,
    PatternContext context,
    ModelDescriptor model,
    Reduction reduction,
    Aggregator aggregator,
    AskedNodes nodes,
    int minimum) {

  /** What comes of a gathering. */
  sealed interface Outcome {}

  /** What the nodes that count came to together, and why. */
  record Gathered(Aggregate aggregate, Evidence evidence) implements Outcome {}

  /** Too few nodes count, or the aggregate is no number. */
  record Failed(ErrorInfo error) implements Outcome {}

  /** Chooses the nodes, who are then asked in every round. */
  static Gathering prepare(CollaborativeSpec spec, PatternContext context) {
    ModelDescriptor model = Plugins.model(context.catalog(), spec.modelId());
    Reduction reduction =
        Plugins.required(context.catalog(), Reduction.class, spec.reduction().method());
    Aggregator aggregator =
        Plugins.required(context.catalog(), Aggregator.class, spec.aggregation().method());
    int minimum = aggregator.minimum(spec.aggregation().options());
    AskedNodes nodes = AskedNodes.choose(spec, model, minimum, context);
    return new Gathering(spec, context, model, reduction, aggregator, nodes, minimum);
  }

  /** How many steps of progress one gathering is. */
  int steps() {
    return nodes.asked().size() + 1;
  }

  /**
   * Asks every node.
   *
   * @param step the step's name, under which those of the nodes stand
   * @param parameters inputs of the model beside each node's rows
   * @param progress is told how many of {@link #steps} are done
   */
  Outcome gather(String step, Parameters parameters, IntConsumer progress) {
    int needed = Math.max(minimum, spec.quorum().min().orElse(nodes.count()));
    int asked = nodes.asked().size();
    if (asked < needed) {
      return quorumNotMet(needed, asked, nodes.refused());
    }
    progress.accept(0);
    ContributionCheck check =
        new ContributionCheck(reduction, model, spec.reduction(), parameters.sizes());
    List<Task> tasks =
        nodes.asked().stream()
            .map(node -> task(step + "/" + node, node, parameters.tensors()))
            .toList();
    TaskResults results = context.runAll(step, tasks, until(needed, asked, check));
    progress.accept(asked);
    Contributions contributions =
        Contributions.of(nodes, node -> step + "/" + node, results, check)
            .map(parameters::toUpdate);
    if (contributions.accepted().size() < needed) {
      return quorumNotMet(needed, contributions.accepted().size(), contributions.refused());
    }
    Outcome outcome = aggregate(contributions, needed);
    progress.accept(steps());
    return outcome;
  }

  private Outcome aggregate(Contributions contributions, int needed) {
    List<Input> inputs =
        contributions.accepted().entrySet().stream()
            .map(e -> new Input(e.getKey(), e.getValue(), weight(e.getKey())))
            .toList();
    NormClip clip = NormClip.of(inputs, spec.normClip());
    Aggregate aggregate =
        aggregator.aggregate(clip.inputs(), reduction, spec.aggregation().options());
    if (!Tensors.isFinite(aggregate.value().values())) {
      return new Failed(
          ErrorInfo.of(ErrorCode.INVALID_DATA, "aggregate: overflows the range of FP64"));
    }
    Evidence evidence =
        Evidence.ofContributions(
            aggregator.name(),
            reduction.name(),
            contributions.evidence(aggregate),
            new QuorumOutcome(needed, inputs.size()));
    return new Gathered(aggregate, evidence.with(clip.details()));
  }

  private Failed quorumNotMet(int needed, int counted, SortedMap<String, String> reasons) {
    String rule = counted < minimum ? ", " + spec.aggregation().method() + " needs " + minimum : "";
    return new Failed(
        ErrorInfo.of(
            ErrorCode.QUORUM_NOT_MET,
            "quorum: %d of %d needed contributions count%s: %s"
                .formatted(counted, needed, rule, Contributions.reasons(reasons))));
  }

  private Task task(String step, String node, Map<String, Tensor> parameters) {
    return Task.model(step, spec.modelId())
        .onNode(node)
        .input(
            new TaskInput.Cabinet(
                spec.cabinet(),
                spec.dataRequirements().type(),
                spec.dataRequirements().timeRange(),
                parameters))
        .reduce(spec.reduction());
  }

  private Until until(int needed, int asked, ContributionCheck check) {
    return needed == asked
        ? Until.all()
        : new Quorum(needed, spec.quorum().grace(), new AgreeingAnswers(check));
  }

  /** A node without any reputation weighs as little as a number above 0 can. */
  private double weight(String node) {
    double reputation = nodes.reputations().getOrDefault(node, 0.0);
    return spec.weights().getOrDefault(node, Math.max(reputation, Double.MIN_NORMAL));
  }
}
