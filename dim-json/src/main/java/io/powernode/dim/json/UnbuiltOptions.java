package io.powernode.dim.json;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.PipelineStep;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fields of the public contract that this build refuses by name, until they are built. */
final class UnbuiltOptions {

  /**
   * One of them.
   *
   * @param replaces the field that need not be there beside it
   */
  record Unbuilt(Optional<String> replaces) {}

  private static final Unbuilt PLAIN = new Unbuilt(Optional.empty());

  private static final Map<Class<?>, Map<String, Unbuilt>> TABLE =
      Map.of(
          Aggregation.class, Map.of("differentialPrivacy", PLAIN),
          PipelineStep.class,
              Map.of(
                  "pattern", new Unbuilt(Optional.of("modelId")),
                  "config", new Unbuilt(Optional.of("modelId"))));

  private UnbuiltOptions() {}

  /** The entry for a field of a record, by its camelCase name. */
  static @Nullable Unbuilt find(Class<?> record, String field) {
    return TABLE.getOrDefault(record, Map.of()).get(field);
  }
}
