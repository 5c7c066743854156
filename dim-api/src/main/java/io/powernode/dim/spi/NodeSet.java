package io.powernode.dim.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes chosen for a step, in the order of preference, or as they were named.
 *
 * @param nodes ids
 * @param reputations the reputation that each had when it was chosen, by id
 */
public record NodeSet(List<String> nodes, Map<String, Double> reputations) {
  public NodeSet {
    nodes = List.copyOf(nodes);
    reputations = Collections.unmodifiableMap(new LinkedHashMap<>(reputations));
  }
}
