package io.powernode.dim.daemon;

import io.powernode.dim.api.NodeProfile;
import java.util.Optional;

/**
 * What a node is made of.
 *
 * @param plugins what it can make of rows
 * @param kept rows that stay between tasks
 */
record NodeParts(
    String nodeId,
    String nodeType,
    Optional<String> location,
    Cabinets cabinets,
    ModelCache models,
    NodePlugins plugins,
    KeptRows kept) {

  NodeProfile profile() {
    return new NodeProfile(
        nodeId,
        nodeType,
        location,
        cabinets.descriptors(),
        models.formats(),
        plugins.actions().names(),
        Hardware.capacity());
  }
}
