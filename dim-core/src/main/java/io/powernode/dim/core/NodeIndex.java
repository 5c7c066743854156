package io.powernode.dim.core;

import io.powernode.dim.api.NodeRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Nodes by something that they have, as by the cabinets that they hold. Thread-safe. */
final class NodeIndex {
  private final Map<String, NodeGroup> groups = new ConcurrentHashMap<>();
  private final Function<NodeRecord, Set<String>> keys;

  /** An index by the keys of a record. */
  NodeIndex(Function<NodeRecord, Set<String>> keys) {
    this.keys = keys;
  }

  /** The nodes under a key. */
  List<NodeRecord> at(String key, long now) {
    NodeGroup group = groups.get(key);
    return group == null ? List.of() : group.at(now);
  }

  /** The entry's record changed; {@code before} is empty for one that was not there. */
  void update(NodeEntry entry, Optional<NodeRecord> before, NodeRecord after) {
    Set<String> old = before.map(keys).orElse(Set.of());
    Set<String> current = keys.apply(after);
    for (String key : old) {
      if (!current.contains(key)) {
        groups.computeIfPresent(key, (k, group) -> group.remove(entry) ? null : group);
      }
    }
    for (String key : current) {
      if (!old.contains(key)) {
        groups.computeIfAbsent(key, k -> new NodeGroup()).add(entry);
      }
    }
  }
}
