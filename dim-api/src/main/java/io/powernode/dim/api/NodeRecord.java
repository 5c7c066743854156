package io.powernode.dim.api;

import java.time.Instant;
import java.util.Objects;

/**
 * What an orchestrator knows of a node.
 *
 * @param profile what the node says of itself
 * @param status whether it takes work
 * @param reputation the orchestrator's trust in it, 0..1
 * @param load how busy it said it is
 * @param lastHeartbeat when it was last heard
 * @param registeredAt when it joined
 */
public record NodeRecord(
    NodeProfile profile,
    NodeStatus status,
    double reputation,
    NodeLoad load,
    Instant lastHeartbeat,
    Instant registeredAt) {

  /** The reputation of a node of which nothing is known yet. */
  public static final double PRIOR_REPUTATION = 0.90;

  public NodeRecord {
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(load, "load");
  }

  /** The node's id. */
  public String nodeId() {
    return profile.nodeId();
  }

  /** This record with another status. */
  public NodeRecord withStatus(NodeStatus newStatus) {
    return new NodeRecord(profile, newStatus, reputation, load, lastHeartbeat, registeredAt);
  }
}
