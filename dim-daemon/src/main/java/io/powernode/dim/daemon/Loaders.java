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
import java.util.TreeSet;

/**
 * The node's loaders by format; of several for one, the first that can be used. A format whose
 * files hold code has none unless the node's owner allows it. Immutable.
 */
final class Loaders {
  private final Map<String, ModelLoader> usable = new TreeMap<>();
  private final Map<String, String> reasons = new TreeMap<>();
  private final Set<String> denied = new TreeSet<>();

  /**
   * These loaders.
   *
   * @param allowedCode the formats of code that the owner allows
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if one of them needs no permission
   */
  Loaders(List<ModelLoader> loaders, Set<String> allowedCode) {
    loaders.forEach(loader -> denied.addAll(loader.codeFormats()));
    if (!denied.containsAll(allowedCode)) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "allowCodeFormats: names one that no loader has as code; allowed: " + denied);
    }
    denied.removeAll(allowedCode);
    for (ModelLoader loader : loaders) {
      Set<String> formats = new TreeSet<>(loader.formats());
      formats.removeAll(denied);
      // Asking would load a runtime that nobody may use.
      if (!formats.isEmpty()) {
        add(loader, formats, loader.availability());
      }
    }
  }

  private void add(ModelLoader loader, Set<String> formats, Availability availability) {
    for (String format : formats) {
      if (availability.isAvailable()) {
        usable.putIfAbsent(format, loader);
      } else {
        reasons.putIfAbsent(format, availability.reason().orElseThrow());
      }
    }
  }

  Set<String> formats() {
    return usable.keySet();
  }

  /**
   * The loader of a format.
   *
   * @throws DimException with {@link ErrorCode#POLICY_DENIED}, or with {@link
   *     ErrorCode#MODEL_UNSUPPORTED} saying why there is none
   */
  ModelLoader require(String format) {
    if (denied.contains(format)) {
      throw new DimException(
          ErrorCode.POLICY_DENIED,
          "the node's owner does not allow models of the format " + format + ", which hold code");
    }
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
