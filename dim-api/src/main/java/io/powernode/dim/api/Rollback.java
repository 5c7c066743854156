package io.powernode.dim.api;

import java.util.Optional;

/**
 * How a step is undone. It gets the step's outputs as its input.
 *
 * @param action an action of the host that undoes the step; exactly one of this and {@code modelId}
 * @param modelId a model to run instead
 * @param nodeId where; the step's own node unless given
 */
public record Rollback(Optional<String> action, Optional<String> modelId, Optional<String> nodeId) {

  /** Undoes a step by an action on the step's own node. */
  public static Rollback action(String name) {
    return new Rollback(Optional.of(name), Optional.empty(), Optional.empty());
  }

  void validate(Violations violations) {
    violations.require(
        action.isPresent() != modelId.isPresent(),
        "",
        "does not say what to run",
        "exactly one of action and modelId");
    action.ifPresent(id -> violations.requireId(id, "action"));
    modelId.ifPresent(id -> violations.requireId(id, "modelId"));
    nodeId.ifPresent(id -> violations.requireId(id, "nodeId"));
  }
}
