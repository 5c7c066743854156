package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Extensions;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.Reduction;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The plugins of an orchestrator: those given to the builder and those on the class path. */
final class PluginSet implements Extensions {
  private static final List<Class<? extends Named>> KINDS =
      List.of(PatternEngine.class, Aggregator.class, ConsensusRule.class, Reduction.class);

  private final Map<Class<?>, Map<String, Named>> byKind = new HashMap<>();

  /**
   * Collects plugins.
   *
   * @throws DimException with {@link ErrorCode#CONFLICT} if two of a kind share a name, {@link
   *     ErrorCode#INVALID_ARGUMENT} if one is of no kind that an orchestrator uses
   */
  PluginSet(Collection<? extends Named> given) {
    given.forEach(PluginSet::requireKnownKind);
    for (Class<? extends Named> kind : KINDS) {
      Map<String, Named> named = new TreeMap<>();
      given.stream().filter(kind::isInstance).forEach(plugin -> add(kind, named, plugin));
      for (Named plugin : ServiceLoader.load(kind)) {
        if (given.stream().noneMatch(g -> g.getClass() == plugin.getClass())) {
          add(kind, named, plugin);
        }
      }
      byKind.put(kind, named);
    }
  }

  @Override
  public <T extends Named> Optional<T> find(Class<T> kind, String name) {
    return Optional.ofNullable(byKind.getOrDefault(kind, Map.of()).get(name)).map(kind::cast);
  }

  @Override
  public Set<String> names(Class<? extends Named> kind) {
    return Collections.unmodifiableSet(byKind.getOrDefault(kind, Map.of()).keySet());
  }

  /** The engine of a pattern. */
  Optional<PatternEngine<?>> engine(String pattern) {
    return find(PatternEngine.class, pattern).map(engine -> (PatternEngine<?>) engine);
  }

  private static void requireKnownKind(Named plugin) {
    if (KINDS.stream().noneMatch(kind -> kind.isInstance(plugin))) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "plugin: %s is of no kind that an orchestrator uses; allowed: %s"
              .formatted(
                  plugin.name(),
                  KINDS.stream().map(Class::getSimpleName).collect(Collectors.joining(", "))));
    }
  }

  private static void add(Class<?> kind, Map<String, Named> named, Named plugin) {
    if (named.putIfAbsent(plugin.name(), plugin) != null) {
      throw new DimException(
          ErrorCode.CONFLICT,
          "two plugins of the kind %s are called %s; allowed: one"
              .formatted(kind.getSimpleName(), plugin.name()));
    }
  }
}
