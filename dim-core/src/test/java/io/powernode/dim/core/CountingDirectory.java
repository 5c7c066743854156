package io.powernode.dim.core;

import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.NodeDirectory;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;

/** Counts the records that somebody looks at. */
final class CountingDirectory implements NodeDirectory {
  private final NodeDirectory nodes;
  private int visited;

  CountingDirectory(NodeDirectory nodes) {
    this.nodes = nodes;
  }

  /** How many were looked at since the last call. */
  int visited() {
    int count = visited;
    visited = 0;
    return count;
  }

  @Override
  public Optional<NodeRecord> get(String id) {
    visited++;
    return nodes.get(id);
  }

  @Override
  public List<NodeRecord> all() {
    return counted(nodes.all());
  }

  @Override
  public List<NodeRecord> holding(String name) {
    return counted(nodes.holding(name));
  }

  @Override
  public List<NodeRecord> withDataType(String dataType) {
    return counted(nodes.withDataType(dataType));
  }

  @Override
  public List<NodeRecord> withWarmModel(String modelId) {
    return counted(nodes.withWarmModel(modelId));
  }

  private List<NodeRecord> counted(List<NodeRecord> list) {
    return new AbstractList<>() {
      @Override
      public NodeRecord get(int index) {
        visited++;
        return list.get(index);
      }

      @Override
      public int size() {
        return list.size();
      }
    };
  }
}
