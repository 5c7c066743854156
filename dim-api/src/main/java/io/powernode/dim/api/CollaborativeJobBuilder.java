package io.powernode.dim.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Builds a collaborative job: see {@link JobSpec#collaborative}. Not thread-safe. */
public final class CollaborativeJobBuilder extends JobBuilder<CollaborativeJobBuilder> {
  private final String modelId;
  private List<String> nodes = List.of();
  private NodeNeed need = NodeNeed.any();
  private Optional<String> cabinet = Optional.empty();
  private ReductionSpec reduction = ReductionSpec.mean();
  private Aggregation aggregation = Aggregation.federatedAveraging();
  private Quorum quorum = Quorum.all();
  private final Map<String, Double> weights = new LinkedHashMap<>();
  private Optional<Double> normClip = Optional.empty();
  private Optional<Rounds> rounds = Optional.empty();

  CollaborativeJobBuilder(String modelId) {
    this.modelId = modelId;
  }

  /** The nodes to ask; at least 2. */
  public CollaborativeJobBuilder nodes(String... ids) {
    nodes = List.of(ids);
    return this;
  }

  /** What the nodes must be; they are then chosen by the orchestrator. */
  public CollaborativeJobBuilder nodes(UnaryOperator<NodeNeed> requirements) {
    need = requirements.apply(need);
    return this;
  }

  /** The name under which every node's owner registered the data. */
  public CollaborativeJobBuilder cabinet(String name) {
    cabinet = Optional.of(name);
    return this;
  }

  /** What may leave a node; the mean by default. */
  public CollaborativeJobBuilder reduce(ReductionSpec spec) {
    reduction = spec;
    return this;
  }

  /** How contributions become one answer; federated averaging by default. */
  public CollaborativeJobBuilder aggregate(Aggregation method) {
    aggregation = method;
    return this;
  }

  /** How many nodes must contribute; all by default. */
  public CollaborativeJobBuilder quorum(Quorum value) {
    quorum = value;
    return this;
  }

  /** The weight of one node, for an aggregation by given weights; finite and above 0. */
  public CollaborativeJobBuilder weight(String nodeId, double weight) {
    weights.put(nodeId, weight);
    return this;
  }

  /**
   * The largest Euclidean norm of a contribution over all its numbers; larger ones are scaled down
   * to it before they are aggregated. Finite and above 0.
   */
  public CollaborativeJobBuilder normClip(double norm) {
    normClip = Optional.of(norm);
    return this;
  }

  /**
   * Runs several rounds, each of which changes parameters for the next; the first ones are the
   * job's {@link #input}.
   */
  public CollaborativeJobBuilder rounds(Rounds value) {
    rounds = Optional.of(value);
    return this;
  }

  @Override
  PatternSpec config() {
    return new CollaborativeSpec(
        modelId,
        nodes,
        need.data(),
        need.reputation(),
        cabinet,
        reduction,
        aggregation,
        quorum,
        weights,
        normClip,
        rounds);
  }
}
