package io.powernode.dim.json;

import io.powernode.dim.api.Aggregation;
import java.util.Map;
import java.util.Set;

/** Fields of the public contract that this build refuses by name, until they are built. */
final class UnbuiltOptions {

  private static final Map<Class<?>, Set<String>> TABLE =
      Map.of(Aggregation.class, Set.of("differentialPrivacy"));

  private UnbuiltOptions() {}

  /** Whether a field of a record is one of them, by its camelCase name. */
  static boolean contains(Class<?> record, String field) {
    return TABLE.getOrDefault(record, Set.of()).contains(field);
  }
}
