package io.powernode.dim.testkit;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Extensions;
import io.powernode.dim.spi.Named;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A catalog of given things. */
record ListedCatalog(List<ModelDescriptor> models, List<NodeRecord> nodes, List<Named> plugins)
    implements Catalog, Extensions {

  ListedCatalog withoutModel(String id) {
    return new ListedCatalog(
        models.stream().filter(model -> !model.id().equals(id)).toList(), nodes, plugins);
  }

  @Override
  public Optional<ModelDescriptor> model(String id) {
    return models.stream().filter(model -> model.id().equals(id)).findFirst();
  }

  @Override
  public Optional<NodeRecord> node(String id) {
    return nodes.stream().filter(node -> node.nodeId().equals(id)).findFirst();
  }

  @Override
  public Extensions extensions() {
    return this;
  }

  @Override
  public <T extends Named> Optional<T> find(Class<T> kind, String name) {
    return plugins.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(plugin -> plugin.name().equals(name))
        .findFirst();
  }

  @Override
  public Set<String> names(Class<? extends Named> kind) {
    return new TreeSet<>(plugins.stream().filter(kind::isInstance).map(Named::name).toList());
  }
}
