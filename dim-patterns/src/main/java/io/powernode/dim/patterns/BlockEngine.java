package io.powernode.dim.patterns;

import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternEngine;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The engine of a pattern that stands inside another, with the specification that it is for.
 *
 * @param <S> the engine's specification
 */
record BlockEngine<S extends PatternSpec>(PatternEngine<S> engine, S spec, Catalog catalog) {
  /** The engine for a specification; empty if there is none here. */
  static Optional<BlockEngine<?>> of(PatternSpec spec, Catalog catalog) {
    return catalog
        .extensions()
        .find(PatternEngine.class, spec.pattern())
        .filter(engine -> engine.specType().isInstance(spec))
        .map(engine -> bound((PatternEngine<?>) engine, spec, catalog));
  }

  private static <S extends PatternSpec> BlockEngine<S> bound(
      PatternEngine<S> engine, PatternSpec spec, Catalog catalog) {
    return new BlockEngine<>(engine, engine.specType().cast(spec), catalog);
  }

  void validate(Violations violations) {
    engine.validate(spec, catalog, violations);
  }

  void validateInput(Map<String, Tensor> inputData, Violations violations) {
    engine.validateInput(spec, inputData, catalog, violations);
  }

  /** Whether it cannot do without input data, which shows in what its engine says of none. */
  boolean needsInput() {
    Violations violations = Violations.none();
    validateInput(Map.of(), violations);
    return !violations.list().isEmpty();
  }

  /** Whether it reads input data at all. */
  boolean readsInput() {
    return engine.readsInput(spec, catalog);
  }

  Set<String> models() {
    return engine.models(spec, catalog);
  }

  int estimateTasks() {
    return engine.estimateTasks(spec, catalog);
  }
}
