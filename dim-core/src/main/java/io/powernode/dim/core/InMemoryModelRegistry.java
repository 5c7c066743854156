package io.powernode.dim.core;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.ModelRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A model registry that lasts as long as the process. Thread-safe. */
public final class InMemoryModelRegistry implements ModelRegistry {
  private final ConcurrentNavigableMap<String, ModelDescriptor> models =
      new ConcurrentSkipListMap<>();

  /** A registry without models. */
  public InMemoryModelRegistry() {}

  @Override
  public Optional<ModelDescriptor> find(String id) {
    return Optional.ofNullable(models.get(id));
  }

  @Override
  public List<ModelDescriptor> all() {
    return List.copyOf(models.values());
  }

  @Override
  public void register(ModelDescriptor model) {
    models.put(model.id(), model);
  }
}
