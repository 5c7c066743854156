package io.powernode.dim.api;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How busy a node is; travels with every heartbeat.
 *
 * @param active tasks running
 * @param queued tasks waiting
 * @param slots how many tasks it runs at once, 1 or more
 * @param cpuLoad share of its processors in use, 0..1; negative if unknown
 * @param warmModels ids of the models that are loaded
 */
public record NodeLoad(int active, int queued, int slots, double cpuLoad, Set<String> warmModels) {

  public NodeLoad {
    warmModels = Collections.unmodifiableSet(new LinkedHashSet<>(warmModels));
  }

  /** A node that does nothing. */
  public static NodeLoad idle() {
    return new NodeLoad(0, 0, 1, 0, Set.of());
  }

  /** Tasks running and waiting for each slot; 0 for an idle node. */
  public double pressure() {
    return (active + queued) / (double) Math.max(1, slots);
  }
}
