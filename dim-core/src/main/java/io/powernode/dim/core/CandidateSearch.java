package io.powernode.dim.core;

import io.powernode.dim.api.NodeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Looks at nodes and keeps those that meet all criteria. For one selection, on one thread. */
final class CandidateSearch {
  /** A sample gives up after so many nodes for each candidate that it looks for. */
  private static final int NODES_PER_CANDIDATE = 4;

  private final Criterion[] criteria;
  private final int[] removed;
  private final Map<String, Integer> removedBeside = new LinkedHashMap<>();
  private final List<NodeRecord> found = new ArrayList<>();

  CandidateSearch(List<Criterion> criteria) {
    this.criteria = criteria.toArray(Criterion[]::new);
    this.removed = new int[this.criteria.length];
  }

  /** Looks at one node, which was not looked at before, and counts it if it fails. */
  void look(NodeRecord node) {
    int failed = firstFailed(node);
    if (failed < removed.length) {
      removed[failed]++;
    } else {
      found.add(node);
    }
  }

  /**
   * Looks at all these nodes, in their order, which is kind to the processor's caches. What was
   * found before is forgotten: it is among them.
   */
  void lookAtAll(List<NodeRecord> nodes) {
    found.clear();
    nodes.forEach(this::look);
  }

  /**
   * Looks at some of these nodes at random until there are enough candidates. Those that fail are
   * not counted, so that all can be looked at afterwards; those found before are not doubled.
   */
  void sample(List<NodeRecord> nodes, long enough, RandomGenerator random) {
    if (nodes.isEmpty()) {
      return;
    }
    Set<String> before = found.stream().map(NodeRecord::nodeId).collect(Collectors.toSet());
    RandomOrder order = new RandomOrder(nodes.size(), random);
    long visits = NODES_PER_CANDIDATE * enough;
    while (order.hasNext() && visits > 0 && found.size() < enough) {
      NodeRecord node = nodes.get(order.nextInt());
      if (firstFailed(node) == removed.length && !before.contains(node.nodeId())) {
        found.add(node);
      }
      visits--;
    }
  }

  /** Counts nodes that something else than a criterion removed. */
  void removedBeside(String filter, int count) {
    if (count > 0) {
      removedBeside.merge(filter, count, Integer::sum);
    }
  }

  /** How many candidates there are. */
  int size() {
    return found.size();
  }

  /** The nodes that meet all criteria, in the order in which they were found. */
  List<NodeRecord> found() {
    return List.copyOf(found);
  }

  /** How many nodes each filter removed; filters that removed none are left out. */
  Map<String, Integer> removed() {
    Map<String, Integer> counts = new LinkedHashMap<>(removedBeside);
    for (int i = 0; i < removed.length; i++) {
      counts.merge(criteria[i].name(), removed[i], Integer::sum);
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private int firstFailed(NodeRecord node) {
    int i = 0;
    while (i < removed.length && criteria[i].admits(node)) {
      i++;
    }
    return i;
  }
}
