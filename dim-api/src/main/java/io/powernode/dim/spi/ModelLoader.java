package io.powernode.dim.spi;

import io.powernode.dim.api.ModelDescriptor;
import java.util.Set;

/** Loads models of some formats. Thread-safe. */
public interface ModelLoader {
  /** The formats by name, as in {@code onnx}. */
  Set<String> formats();

  /**
   * Those of the formats whose files hold code rather than a fixed computation. A node runs none of
   * them unless its owner allows the format by name.
   */
  default Set<String> codeFormats() {
    return Set.of();
  }

  /** Whether the runtime can be used here. */
  default Availability availability() {
    return Availability.available();
  }

  /**
   * Loads a model. Validates everything before any native call: the file against the format, and
   * the descriptor's signature against the file's.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#MODEL_INVALID} or {@link
   *     io.powernode.dim.api.ErrorCode#MODEL_UNSUPPORTED}
   */
  Model load(ModelDescriptor model, ModelFiles files, LoadOptions options);
}
