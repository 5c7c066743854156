package io.powernode.dim.spi;

import io.powernode.dim.api.NodeRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Chooses nodes. Must be thread-safe and use no other randomness than it is given. */
@FunctionalInterface
public interface NodeSelector {
  /**
   * Chooses at most {@link NodeRequirements.Count#atMost} nodes that meet the requirements.
   *
   * @param exclude ids of nodes not to choose, because an attempt just failed there
   */
  Selection select(
      NodeRequirements requirements,
      NodeDirectory nodes,
      Set<String> exclude,
      RandomGenerator random);

  /**
   * A choice, or why there is none: fewer chosen than required is a refusal.
   *
   * @param chosen in the order of preference
   * @param removed how many nodes each filter removed, by the filter's name, in filter order;
   *     {@code unknown} for named nodes that are not registered
   */
  record Selection(List<NodeRecord> chosen, Map<String, Integer> removed) {
    public Selection {
      chosen = List.copyOf(chosen);
      removed = Collections.unmodifiableMap(new LinkedHashMap<>(removed));
    }
  }
}
