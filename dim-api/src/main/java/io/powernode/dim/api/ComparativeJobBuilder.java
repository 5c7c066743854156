package io.powernode.dim.api;

import java.util.List;
import java.util.Optional;

/** Builds a comparative job: see {@link JobSpec#comparative}. Not thread-safe. */
public final class ComparativeJobBuilder extends JobBuilder<ComparativeJobBuilder> {
  private final List<String> modelIds;
  private Optional<String> nodeId = Optional.empty();
  private List<String> nodes = List.of();
  private String dataSource = ComparativeSpec.INPUT;
  private Consensus consensus = Consensus.majorityVote();

  ComparativeJobBuilder(List<String> modelIds) {
    this.modelIds = modelIds;
  }

  /** The node that runs the models and holds the data. */
  public ComparativeJobBuilder node(String id) {
    nodeId = Optional.of(id);
    return this;
  }

  /** Nodes that hold the same data; the models are spread over them in declared order. */
  public ComparativeJobBuilder nodes(String... ids) {
    nodes = List.of(ids);
    return this;
  }

  /** The cabinet to run over; without one, the job's own input data. */
  public ComparativeJobBuilder cabinet(String name) {
    dataSource = name;
    return this;
  }

  /** How votes become decisions; majority vote by default. */
  public ComparativeJobBuilder consensus(Consensus rule) {
    consensus = rule;
    return this;
  }

  @Override
  PatternSpec config() {
    return new ComparativeSpec(modelIds, nodeId, nodes, dataSource, consensus);
  }
}
