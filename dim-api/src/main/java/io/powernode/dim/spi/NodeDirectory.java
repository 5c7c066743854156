package io.powernode.dim.spi;

import io.powernode.dim.api.NodeRecord;
import java.util.Collection;
import java.util.Optional;

/** The registered nodes, with the indexes that a selector needs. Thread-safe; a live view. */
public interface NodeDirectory {
  /** The node called {@code id}. */
  Optional<NodeRecord> get(String id);

  /** All nodes, whatever their status. */
  Collection<NodeRecord> all();

  /** The nodes that hold a cabinet called {@code name}. */
  Collection<NodeRecord> holding(String name);

  /** The nodes that hold data of the kind {@code dataType}. */
  Collection<NodeRecord> withDataType(String dataType);
}
