package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.QuorumOutcome;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import io.powernode.dim.spi.Until.Quorum;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * {@code collaborative}: one model runs over the data of several nodes, each reduces its rows, and
 * what comes back is aggregated.
 *
 * <p>A contribution counts if it speaks for at least one row, has finite numbers only, and has the
 * names, types and shapes that the model's signature gives; where that leaves them open, those of
 * most contributions, of equally many those of the node whose id comes first. Others are recorded
 * with the reason, as are failed and late nodes, and the job fails with {@link
 * ErrorCode#QUORUM_NOT_MET} if fewer count than the quorum or than the aggregation needs.
 * Contributions are aggregated in the order of the nodes' ids, so the answer does not depend on who
 * was first, to the last bit. Nodes that a job does not name are chosen: at least two and as many
 * as the quorum and the aggregation need, at most {@code dataRequirements.maxNodes} or {@value
 * #DEFAULT_NODES}. Of a job with {@code normClip}, the evidence's details name the nodes whose
 * contributions were scaled down, under {@value #CLIPPED}. Thread-safe.
 */
public final class CollaborativeEngine implements PatternEngine<CollaborativeSpec> {
  /** How many nodes are chosen at most when the job does not say. */
  public static final int DEFAULT_NODES = 10;

  /** The evidence's detail that lists the nodes whose contributions were scaled down. */
  public static final String CLIPPED = "clipped";

  /** For the service loader. */
  public CollaborativeEngine() {}

  @Override
  public String name() {
    return CollaborativeSpec.PATTERN;
  }

  @Override
  public Class<CollaborativeSpec> specType() {
    return CollaborativeSpec.class;
  }

  @Override
  public void validate(CollaborativeSpec spec, Catalog catalog, Violations violations) {
    new CollaborativeChecks(spec, catalog, violations).run();
  }

  @Override
  public void validateInput(
      CollaborativeSpec spec,
      Map<String, Tensor> inputData,
      Catalog catalog,
      Violations violations) {
    InputDataChecks.requireNone(inputData, violations);
  }

  @Override
  public Set<String> models(CollaborativeSpec spec, Catalog catalog) {
    return Set.of(spec.modelId());
  }

  @Override
  public int estimateTasks(CollaborativeSpec spec, Catalog catalog) {
    return spec.nodes().isEmpty()
        ? spec.dataRequirements().maxNodes().orElse(DEFAULT_NODES)
        : spec.nodes().size();
  }

  @Override
  public PatternResult execute(CollaborativeSpec spec, PatternContext context) {
    ModelDescriptor model = Plugins.model(context.catalog(), spec.modelId());
    Reduction reduction =
        Plugins.required(context.catalog(), Reduction.class, spec.reduction().method());
    Aggregator aggregator =
        Plugins.required(context.catalog(), Aggregator.class, spec.aggregation().method());
    int minimum = aggregator.minimum(spec.aggregation().options());
    AskedNodes nodes = AskedNodes.choose(spec, model, minimum, context);
    int needed = Math.max(minimum, spec.quorum().min().orElse(nodes.count()));
    int asked = nodes.asked().size();
    if (asked < needed) {
      return quorumNotMet(spec, minimum, needed, asked, nodes.refused());
    }
    context.progress(0, asked + 1);
    ContributionCheck check = new ContributionCheck(reduction, model);
    TaskResults results =
        context.runAll(
            "local",
            nodes.asked().stream().map(node -> task(spec, node)).toList(),
            until(spec, needed, asked, check));
    context.progress(asked, asked + 1);
    Contributions contributions =
        Contributions.of(nodes, CollaborativeEngine::step, results, check);
    if (contributions.accepted().size() < needed) {
      return quorumNotMet(
          spec, minimum, needed, contributions.accepted().size(), contributions.refused());
    }
    List<Input> inputs =
        contributions.accepted().entrySet().stream()
            .map(e -> new Input(e.getKey(), e.getValue(), weight(spec, nodes, e.getKey())))
            .toList();
    NormClip clip = NormClip.of(inputs, spec.normClip());
    Aggregate aggregate =
        aggregator.aggregate(clip.inputs(), reduction, spec.aggregation().options());
    context.progress(asked + 1, asked + 1);
    Evidence evidence =
        Evidence.ofContributions(
            aggregator.name(),
            reduction.name(),
            contributions.evidence(aggregate),
            new QuorumOutcome(needed, inputs.size()));
    return completed(reduction, aggregate, evidence.with(clip.details()));
  }

  private static PatternResult completed(
      Reduction reduction, Aggregate aggregate, Evidence evidence) {
    return Tensors.isFinite(aggregate.value().values())
        ? PatternResult.completed(reduction.output(aggregate.value()), evidence)
        : PatternResult.failed(
            ErrorInfo.of(ErrorCode.INVALID_DATA, "aggregate: overflows the range of FP64"));
  }

  private static PatternResult quorumNotMet(
      CollaborativeSpec spec,
      int minimum,
      int needed,
      int counted,
      SortedMap<String, String> reasons) {
    String rule = counted < minimum ? ", " + spec.aggregation().method() + " needs " + minimum : "";
    return PatternResult.failed(
        ErrorInfo.of(
            ErrorCode.QUORUM_NOT_MET,
            "quorum: %d of %d needed contributions count%s: %s"
                .formatted(counted, needed, rule, Contributions.reasons(reasons))));
  }

  private static String step(String node) {
    return "local/" + node;
  }

  private static Task task(CollaborativeSpec spec, String node) {
    return Task.model(step(node), spec.modelId())
        .onNode(node)
        .input(
            new TaskInput.Cabinet(
                spec.cabinet(),
                spec.dataRequirements().type(),
                spec.dataRequirements().timeRange()))
        .reduce(spec.reduction());
  }

  private static Until until(
      CollaborativeSpec spec, int needed, int asked, ContributionCheck check) {
    return needed == asked
        ? Until.all()
        : new Quorum(
            needed,
            spec.quorum().grace(),
            success -> check.problem(new Partial(success.outputs(), success.samples())).isEmpty());
  }

  /** A node without any reputation weighs as little as a number above 0 can. */
  private static double weight(CollaborativeSpec spec, AskedNodes nodes, String node) {
    double reputation = nodes.reputations().getOrDefault(node, 0.0);
    return spec.weights().getOrDefault(node, Math.max(reputation, Double.MIN_NORMAL));
  }
}
