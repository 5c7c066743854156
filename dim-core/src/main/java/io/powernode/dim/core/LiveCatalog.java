package io.powernode.dim.core;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Extensions;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.NodeDirectory;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Models and nodes as they stand. */
record LiveCatalog(
    Function<String, Optional<ModelDescriptor>> models, NodeDirectory nodes, Extensions extensions)
    implements Catalog {

  static LiveCatalog of(ModelRegistry models, NodeDirectory nodes, Extensions extensions) {
    return new LiveCatalog(models::find, nodes, extensions);
  }

  /** The same catalog with a job's models as they were pinned. */
  LiveCatalog pinned(Map<String, ModelDescriptor> pinned) {
    return new LiveCatalog(id -> Optional.ofNullable(pinned.get(id)), nodes, extensions);
  }

  @Override
  public Optional<ModelDescriptor> model(String id) {
    return models.apply(id);
  }

  @Override
  public Optional<NodeRecord> node(String id) {
    return nodes.get(id);
  }
}
