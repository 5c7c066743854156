package io.powernode.dim.testkit;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.spi.NodeDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A directory of given nodes. */
record ListedNodes(List<NodeRecord> all) implements NodeDirectory {
  ListedNodes {
    all = List.copyOf(all);
  }

  static NodeRecord node(NodeProfile profile, NodeStatus status, double reputation) {
    return new NodeRecord(
        profile, status, reputation, NodeLoad.idle(), Instant.EPOCH, Instant.EPOCH);
  }

  @Override
  public Optional<NodeRecord> get(String id) {
    return all.stream().filter(node -> node.nodeId().equals(id)).findFirst();
  }

  @Override
  public List<NodeRecord> holding(String name) {
    return those(node -> node.profile().dataSet(name).isPresent());
  }

  @Override
  public List<NodeRecord> withDataType(String dataType) {
    return those(
        node -> node.profile().dataSets().stream().anyMatch(d -> d.dataType().equals(dataType)));
  }

  @Override
  public List<NodeRecord> withWarmModel(String modelId) {
    return those(node -> node.load().warmModels().contains(modelId));
  }

  private List<NodeRecord> those(Predicate<NodeRecord> condition) {
    return all.stream().filter(condition).toList();
  }
}
