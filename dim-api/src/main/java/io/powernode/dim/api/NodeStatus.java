package io.powernode.dim.api;

/** Whether a node takes work. Only an active one gets new tasks. */
public enum NodeStatus {
  /** It takes work. */
  ACTIVE,
  /** It left. */
  INACTIVE,
  /** It finishes what it has and takes nothing new. */
  MAINTENANCE,
  /** Nothing was heard of it for too long. */
  STALE
}
