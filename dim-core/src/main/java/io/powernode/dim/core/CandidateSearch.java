package io.powernode.dim.core;

import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.NodeRequirements;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Looks at nodes and keeps those that meet all criteria. For one selection, on one thread. */
final class CandidateSearch {
  private final NodeRequirements needs;
  private final List<Criterion> criteria;
  private final int[] removed;
  private final Map<String, Integer> removedBeside = new LinkedHashMap<>();
  private final List<NodeRecord> found = new ArrayList<>();

  CandidateSearch(NodeRequirements needs, List<Criterion> criteria) {
    this.needs = needs;
    this.criteria = criteria;
    this.removed = new int[criteria.size()];
  }

  /** Looks at one node, and counts it if it fails. */
  void look(NodeRecord node) {
    int failed = firstFailed(node);
    if (failed < removed.length) {
      removed[failed]++;
    } else {
      found.add(node);
    }
  }

  /** Looks at nodes in a random order until enough are found, but not again at those found. */
  void lookAmong(List<NodeRecord> nodes, int enough, RandomGenerator random) {
    Set<String> known = new HashSet<>();
    found.forEach(node -> known.add(node.nodeId()));
    RandomOrder order = new RandomOrder(nodes.size(), random);
    while (order.hasNext() && found.size() < enough) {
      NodeRecord node = nodes.get(order.nextInt());
      if (!known.contains(node.nodeId())) {
        look(node);
      }
    }
  }

  /** The same for nodes that will be met again: those that fail are not counted yet. */
  void lookFirstAmong(List<NodeRecord> nodes, int enough, RandomGenerator random) {
    RandomOrder order = new RandomOrder(nodes.size(), random);
    while (order.hasNext() && found.size() < enough) {
      NodeRecord node = nodes.get(order.nextInt());
      if (firstFailed(node) == removed.length) {
        found.add(node);
      }
    }
  }

  /** Counts nodes that something else than a criterion removed. */
  void removedBeside(String filter, int count) {
    if (count > 0) {
      removedBeside.merge(filter, count, Integer::sum);
    }
  }

  /** The nodes that meet all criteria, in the order in which they were looked at. */
  List<NodeRecord> found() {
    return found;
  }

  /** How many nodes each filter removed; filters that removed none are left out. */
  Map<String, Integer> removed() {
    Map<String, Integer> counts = new LinkedHashMap<>(removedBeside);
    for (int i = 0; i < removed.length; i++) {
      counts.merge(criteria.get(i).name(), removed[i], Integer::sum);
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private int firstFailed(NodeRecord node) {
    int i = 0;
    while (i < removed.length && criteria.get(i).admits(node, needs)) {
      i++;
    }
    return i;
  }
}
