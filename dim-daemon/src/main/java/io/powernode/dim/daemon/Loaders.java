package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Availability;
import io.powernode.dim.spi.ModelLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The node's loaders by format; of several for one, the first that can be used. Immutable. */
final class Loaders {
  private final Map<String, ModelLoader> usable = new TreeMap<>();
  private final Map<String, String> reasons = new TreeMap<>();

  Loaders(List<ModelLoader> loaders) {
    for (ModelLoader loader : loaders) {
      Availability availability = loader.availability();
      for (String format : loader.formats()) {
        if (availability.isAvailable()) {
          usable.putIfAbsent(format, loader);
        } else {
          reasons.putIfAbsent(format, availability.reason().orElseThrow());
        }
      }
    }
  }

  Set<String> formats() {
    return usable.keySet();
  }

  /**
   * The loader of a format.
   *
   * @throws DimException with {@link ErrorCode#MODEL_UNSUPPORTED} saying why there is none
   */
  ModelLoader require(String format) {
    ModelLoader loader = usable.get(format);
    if (loader == null) {
      String why = Optional.ofNullable(reasons.get(format)).orElse("the node has no loader for it");
      throw new DimException(
          ErrorCode.MODEL_UNSUPPORTED,
          "the model's format: %s; allowed: %s".formatted(why, usable.keySet()));
    }
    return loader;
  }
}
