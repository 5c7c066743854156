package io.powernode.dim.api;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a node says of itself when it joins.
 *
 * @param nodeId its id, an identifier
 * @param nodeType what kind of node it is, as in {@code hospital}
 * @param location where it is, in the operator's words
 * @param dataSets the cabinets it holds
 * @param formats the model formats that it can run now
 * @param actions the names of the actions that it can perform
 * @param capacity its hardware
 */
public record NodeProfile(
    String nodeId,
    String nodeType,
    Optional<String> location,
    List<CabinetDescriptor> dataSets,
    Set<String> formats,
    Set<String> actions,
    Capacity capacity) {

  public NodeProfile {
    Ids.require("node id", nodeId);
    Objects.requireNonNull(nodeType, "nodeType");
    dataSets = List.copyOf(dataSets);
    formats = Collections.unmodifiableSet(new LinkedHashSet<>(formats));
    actions = Collections.unmodifiableSet(new LinkedHashSet<>(actions));
  }

  /** The cabinet called {@code name}. */
  public Optional<CabinetDescriptor> dataSet(String name) {
    return dataSets.stream().filter(d -> d.name().equals(name)).findFirst();
  }

  /**
   * A node's hardware.
   *
   * @param cpus processors, 1 or more
   * @param memoryBytes main memory; 0 if unknown
   * @param gpu a description of its accelerator, if it has one
   */
  public record Capacity(int cpus, long memoryBytes, Optional<String> gpu) {}
}
