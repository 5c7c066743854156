package io.powernode.dim.patterns;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Named;
import java.util.Optional;
import java.util.Set;

/** Looks up what a job names, and adds a violation for everything that is not there. */
final class CatalogChecks {
  private final Catalog catalog;

  CatalogChecks(Catalog catalog) {
    this.catalog = catalog;
  }

  Optional<ModelDescriptor> model(String id, Violations violations, String field) {
    Optional<ModelDescriptor> model = catalog.model(id);
    violations.require(
        model.isPresent(), field, "is not a registered model", "the id of a registered model");
    return model;
  }

  Optional<NodeRecord> node(String id, Violations violations, String field) {
    Optional<NodeRecord> node = catalog.node(id);
    violations.require(
        node.isPresent(), field, "is not a registered node", "the id of a registered node");
    return node;
  }

  /** A node that alone can do what the job asks; one under maintenance gets nothing new. */
  Optional<NodeRecord> boundNode(String id, Violations violations, String field) {
    Optional<NodeRecord> node = node(id, violations, field);
    violations.require(
        node.filter(there -> there.status() == NodeStatus.MAINTENANCE).isEmpty(),
        field,
        "is under maintenance",
        "a node in service");
    return node;
  }

  /** The node's cabinet of that name. */
  Optional<CabinetDescriptor> cabinet(
      NodeRecord node, String name, Violations violations, String field) {
    Optional<CabinetDescriptor> cabinet = node.profile().dataSet(name);
    violations.require(
        cabinet.isPresent(),
        field,
        "does not hold the cabinet " + name,
        "a node that holds the cabinet");
    return cabinet;
  }

  void runs(NodeRecord node, ModelDescriptor model, Violations violations, String field) {
    String format = model.artifact().format();
    violations.require(
        node.profile().formats().contains(format),
        field,
        "cannot run the format " + format + " of the model " + model.id(),
        "a node with a runtime for it, whose owner allows the format");
  }

  void performs(NodeRecord node, String action, Violations violations, String field) {
    violations.require(
        node.profile().actions().contains(action),
        field,
        "does not perform the action " + action,
        "a node whose host registered the action");
  }

  /**
   * The plugin that the field {@code method} of a specification names.
   *
   * @param planned methods that the contract has and this build does not
   */
  <T extends Named> Optional<T> method(
      Class<T> kind, String name, Set<String> planned, Violations violations) {
    Optional<T> plugin = catalog.extensions().find(kind, name);
    if (plugin.isEmpty()) {
      String allowed = String.join(", ", catalog.extensions().names(kind));
      if (planned.contains(name)) {
        violations.unsupported("method", "is not available in this build: " + name, allowed);
      } else {
        violations.add("method", "is not a known method", allowed);
      }
    }
    return plugin;
  }
}
