package io.powernode.dim.core;

/**
 * The place of a node's state. Lists hold places, so that a heartbeat changes one field and no
 * list. Written under the registry's lock, read without.
 */
final class NodeEntry {
  private volatile NodeState state;

  NodeEntry(NodeState state) {
    this.state = state;
  }

  NodeState state() {
    return state;
  }

  void become(NodeState next) {
    state = next;
  }
}
