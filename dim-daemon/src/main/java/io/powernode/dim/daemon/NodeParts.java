package io.powernode.dim.daemon;

import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.Reduction;
import java.util.Map;
import java.util.Optional;

/**
 * What a node is made of.
 *
 * @param reductions by name
 */
record NodeParts(
    String nodeId,
    String nodeType,
    Optional<String> location,
    Cabinets cabinets,
    ModelCache models,
    Map<String, Reduction> reductions,
    Actions actions) {

  NodeParts {
    reductions = Map.copyOf(reductions);
  }

  NodeProfile profile() {
    return new NodeProfile(
        nodeId,
        nodeType,
        location,
        cabinets.descriptors(),
        models.formats(),
        actions.names(),
        Hardware.capacity());
  }
}
