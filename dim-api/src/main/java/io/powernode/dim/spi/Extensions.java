package io.powernode.dim.spi;

import java.util.Optional;
import java.util.Set;

/** The plugins that are there, by kind and name. Immutable and thread-safe. */
public interface Extensions {
  /** The plugin of a kind called {@code name}. */
  <T extends Named> Optional<T> find(Class<T> kind, String name);

  /** The names of all plugins of a kind, sorted. */
  Set<String> names(Class<? extends Named> kind);
}
