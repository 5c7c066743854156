package io.powernode.dim.core;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import java.time.Instant;

/**
 * What the registry knows of a node. Immutable.
 *
 * @param record says active until the sweep, although the node has been silent for too long
 * @param underMaintenance whether the operator put it under maintenance, even if it is gone
 * @param staleAt when an active node will have been silent for too long, in the environment's
 *     nanoseconds
 */
record NodeState(NodeRecord record, boolean underMaintenance, long staleAt) {

  /** The record as it stands at {@code now}: silence makes an active node stale. */
  NodeRecord at(long now) {
    return isActive() && now - staleAt >= 0 ? record.withStatus(NodeStatus.STALE) : record;
  }

  boolean isActive() {
    return record.status() == NodeStatus.ACTIVE;
  }

  NodeState withStatus(NodeStatus status) {
    return new NodeState(record.withStatus(status), underMaintenance, staleAt);
  }

  NodeState heard(NodeProfile profile, NodeLoad load, Instant now, long newStaleAt) {
    NodeRecord heard =
        new NodeRecord(
            profile,
            underMaintenance ? NodeStatus.MAINTENANCE : NodeStatus.ACTIVE,
            record.reputation(),
            load,
            now,
            record.registeredAt());
    return new NodeState(heard, underMaintenance, newStaleAt);
  }

  /** A node that is gone stays so, and comes back under maintenance or not. */
  NodeState maintenance(boolean begins) {
    NodeState next = new NodeState(record, begins, staleAt);
    return record.status() == NodeStatus.INACTIVE
        ? next
        : next.withStatus(begins ? NodeStatus.MAINTENANCE : NodeStatus.ACTIVE);
  }

  NodeState withReputation(double reputation) {
    NodeRecord trusted =
        new NodeRecord(
            record.profile(),
            record.status(),
            reputation,
            record.load(),
            record.lastHeartbeat(),
            record.registeredAt());
    return new NodeState(trusted, underMaintenance, staleAt);
  }
}
