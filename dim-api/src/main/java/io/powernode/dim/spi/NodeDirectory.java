package io.powernode.dim.spi;

import io.powernode.dim.api.NodeRecord;
import java.util.List;
import java.util.Optional;

/**
 * The registered nodes, with the indexes that a selector needs. Thread-safe; each call shows the
 * nodes as they stand then. The lists can be read by position, are as cheap for many nodes as for
 * few, and must not be changed.
 */
public interface NodeDirectory {
  /** The node called {@code id}. */
  Optional<NodeRecord> get(String id);

  /** All nodes, whatever their status. */
  List<NodeRecord> all();

  /** The nodes that hold a cabinet called {@code name}. */
  List<NodeRecord> holding(String name);

  /** The nodes that hold data of the kind {@code dataType}. */
  List<NodeRecord> withDataType(String dataType);

  /** The nodes that hold the model called {@code modelId} warm. */
  List<NodeRecord> withWarmModel(String modelId);
}
