package io.powernode.dim.api;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Several models over the same data; their votes become one decision a row. The components are the
 * fields of the JSON {@code config}.
 *
 * @param modelIds the models, at least 2, distinct
 * @param nodeId the node that runs them and holds the data
 * @param nodes instead of {@code nodeId}: nodes that hold the same data; model i runs on node i
 *     modulo their number
 * @param dataSource the cabinet's name, or {@link #INPUT} for the job's own input data
 * @param consensus how votes become decisions
 */
public record ComparativeSpec(
    List<String> modelIds,
    Optional<String> nodeId,
    List<String> nodes,
    String dataSource,
    Consensus consensus)
    implements PatternSpec {

  /** The pattern's name. */
  public static final String PATTERN = "comparative";

  /** The {@code dataSource} that means the job's own input data. */
  public static final String INPUT = "input";

  /** The most models a job may name. */
  public static final int MAX_MODELS = 1_000;

  public ComparativeSpec {
    Objects.requireNonNull(dataSource, "dataSource");
    Objects.requireNonNull(consensus, "consensus");
    modelIds = List.copyOf(modelIds);
    nodes = List.copyOf(nodes);
  }

  @Override
  public String pattern() {
    return PATTERN;
  }

  /** Whether the data is the job's own input. */
  public boolean usesInputData() {
    return dataSource.equals(INPUT);
  }

  @Override
  public void validate(Violations violations) {
    violations.require(
        modelIds.size() >= 2 && modelIds.size() <= MAX_MODELS,
        "modelIds",
        "has " + modelIds.size() + " entries",
        "2 to " + MAX_MODELS);
    violations.require(
        new HashSet<>(modelIds).size() == modelIds.size(),
        "modelIds",
        "repeats a model",
        "distinct ids");
    violations.requireIds(modelIds, "modelIds");
    nodeId.ifPresent(id -> violations.requireId(id, "nodeId"));
    violations.requireIds(nodes, "nodes");
    violations.require(
        new HashSet<>(nodes).size() == nodes.size(), "nodes", "repeats a node", "distinct ids");
    violations.require(
        nodeId.isEmpty() || nodes.isEmpty(), "nodes", "stands beside nodeId", "one of the two");
    violations.requireId(dataSource, "dataSource");
    violations.require(
        usesInputData() || nodeId.isPresent() || !nodes.isEmpty(),
        "nodeId",
        "is missing, so nobody is known to hold the cabinet",
        "the id of the node that holds it, or nodes");
    consensus.validate(violations.at("consensus"));
    for (String model : consensus.weights().keySet()) {
      violations
          .at("consensus")
          .require(
              modelIds.contains(model),
              "weights",
              "names a model that the job does not run",
              "ids from modelIds");
    }
  }
}
