package io.powernode.dim.spi;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import java.util.Optional;

/**
 * Models and nodes as they stand, read-only, for validating and planning. A running job sees the
 * models as they were pinned when it was submitted. Thread-safe.
 */
public interface Catalog {
  /** The model called {@code id}. */
  Optional<ModelDescriptor> model(String id);

  /** The node called {@code id}, whatever its status. */
  Optional<NodeRecord> node(String id);

  /** The plugins that are there. */
  Extensions extensions();
}
