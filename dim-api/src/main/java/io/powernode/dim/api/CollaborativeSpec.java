package io.powernode.dim.api;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One model over the data of several owners; the answers are aggregated. The components are the
 * fields of the JSON {@code config}.
 *
 * @param modelId the model
 * @param nodes the nodes to ask, at least 2; empty to choose them by the requirements
 * @param dataRequirements what the nodes' data must be
 * @param reputationMin the least reputation of a node, within 0..1
 * @param cabinet the name of the data on every node; empty for each node's only one that fits
 * @param reduction what may leave a node; mean by default
 * @param aggregation how contributions become one answer; federated averaging by default
 * @param quorum how many nodes must contribute; all by default
 * @param weights given weights by node id, each finite and above 0; a node without one weighs its
 *     reputation
 * @param normClip the largest Euclidean norm of a contribution over all its numbers, finite and
 *     above 0: larger ones are scaled down to it before they are aggregated; goes with the
 *     reductions mean and sum. In rounds that update by values it is the norm of the change
 * @param rounds how the aggregate becomes the next round's input; one round that changes nothing if
 *     empty
 */
public record CollaborativeSpec(
    String modelId,
    List<String> nodes,
    DataRequirements dataRequirements,
    Optional<Double> reputationMin,
    Optional<String> cabinet,
    ReductionSpec reduction,
    Aggregation aggregation,
    Quorum quorum,
    Map<String, Double> weights,
    Optional<Double> normClip,
    Optional<Rounds> rounds)
    implements PatternSpec {

  /** The pattern's name. */
  public static final String PATTERN = "collaborative";

  /** The most nodes a job may name. */
  public static final int MAX_NODES = 10_000;

  public CollaborativeSpec {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(dataRequirements, "dataRequirements");
    Objects.requireNonNull(reduction, "reduction");
    Objects.requireNonNull(aggregation, "aggregation");
    Objects.requireNonNull(quorum, "quorum");
    Objects.requireNonNull(normClip, "normClip");
    Objects.requireNonNull(rounds, "rounds");
    nodes = List.copyOf(nodes);
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  @Override
  public String pattern() {
    return PATTERN;
  }

  @Override
  public void validate(Violations violations) {
    violations.requireId(modelId, "modelId");
    violations.require(
        nodes.size() != 1 && nodes.size() <= MAX_NODES,
        "nodes",
        "has " + nodes.size() + " entries",
        "2 to " + MAX_NODES + ", or left out");
    violations.require(
        new HashSet<>(nodes).size() == nodes.size(), "nodes", "repeats a node", "distinct ids");
    violations.requireIds(nodes, "nodes");
    dataRequirements.validate(violations.at("dataRequirements"));
    violations.requireShare(reputationMin, "reputationMin");
    cabinet.ifPresent(name -> violations.requireId(name, "cabinet"));
    quorum.validate(violations.at("quorum"));
    violations.require(
        nodes.isEmpty() || quorum.min().orElse(1) <= nodes.size(),
        "quorum.min",
        "is more than the nodes named",
        "at most " + nodes.size());
    normClip.ifPresent(norm -> violations.requirePositive(norm, "normClip"));
    rounds.ifPresent(some -> some.validate(violations.at("rounds")));
    weights.forEach(
        (node, weight) -> {
          violations.at("weights").requirePositive(weight, node);
          violations.require(
              nodes.isEmpty() || nodes.contains(node),
              "weights",
              "names a node that the job does not ask",
              "ids from nodes");
        });
  }
}
