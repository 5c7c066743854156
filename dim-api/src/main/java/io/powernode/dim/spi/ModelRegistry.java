package io.powernode.dim.spi;

import io.powernode.dim.api.ModelDescriptor;
import java.util.List;
import java.util.Optional;

/** The models that jobs may name. Thread-safe. */
public interface ModelRegistry {
  /** The model called {@code id}. */
  Optional<ModelDescriptor> find(String id);

  /** All models, by id. */
  List<ModelDescriptor> all();

  /** Adds a model, or replaces the one of the same id; running jobs keep what they pinned. */
  void register(ModelDescriptor model);
}
