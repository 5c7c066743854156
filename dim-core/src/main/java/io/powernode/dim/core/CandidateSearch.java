package io.powernode.dim.core;

import io.powernode.dim.api.NodeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Looks at nodes and keeps those that meet all criteria. For one selection, on one thread. */
final class CandidateSearch {
  /** A sample gives up after so many nodes for each candidate that it looks for. */
  private static final int NODES_PER_CANDIDATE = 4;

  private final List<Criterion> criteria;
  private final int[] removed;
  private final Map<String, Integer> removedBeside = new LinkedHashMap<>();
  private final Map<String, NodeRecord> found = new LinkedHashMap<>();

  CandidateSearch(List<Criterion> criteria) {
    this.criteria = criteria;
    this.removed = new int[criteria.size()];
  }

  /** Looks at one node, and counts it if it fails. */
  void look(NodeRecord node) {
    int failed = firstFailed(node);
    if (failed < removed.length) {
      removed[failed]++;
    } else {
      found.put(node.nodeId(), node);
    }
  }

  /**
   * Looks at all these nodes, in their order, which is kind to the processor's caches. Those found
   * before are found again and not doubled.
   */
  void lookAtAll(List<NodeRecord> nodes) {
    nodes.forEach(this::look);
  }

  /**
   * Looks at some of these nodes at random until there are enough candidates. Those that fail are
   * not counted, so that all can be looked at afterwards.
   */
  void sample(List<NodeRecord> nodes, long enough, RandomGenerator random) {
    if (nodes.isEmpty()) {
      return;
    }
    RandomOrder order = new RandomOrder(nodes.size(), random);
    long visits = NODES_PER_CANDIDATE * enough;
    while (order.hasNext() && visits > 0 && found.size() < enough) {
      NodeRecord node = nodes.get(order.nextInt());
      if (firstFailed(node) == removed.length) {
        found.put(node.nodeId(), node);
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
    return new ArrayList<>(found.values());
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
    while (i < removed.length && criteria.get(i).admits(node)) {
      i++;
    }
    return i;
  }
}
