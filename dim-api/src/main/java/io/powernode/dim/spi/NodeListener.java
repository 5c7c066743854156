package io.powernode.dim.spi;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;

/** Hears of nodes. Calls for one node come in order. */
public interface NodeListener {
  /** A node is there, or says something new of itself. */
  void joined(NodeProfile profile, NodeLoad load);

  /** A node is alive. */
  void heartbeat(String nodeId, NodeLoad load);

  /** A node is gone. */
  void lost(String nodeId);
}
