package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dullest input that a model accepts. */
final class Zeros {
  private static final long MAX_ELEMENTS = 10_000_000;

  private Zeros() {}

  /** Zeros for each input, two where a dimension may vary; nothing where that is too much. */
  static Optional<Map<String, Tensor>> of(List<TensorSpec> inputs) {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    for (TensorSpec spec : inputs) {
      long[] shape = spec.shape().stream().mapToLong(dim -> dim < 0 ? 2 : dim).toArray();
      long elements = 1;
      for (long dim : shape) {
        elements = Math.min(MAX_ELEMENTS + 1, elements * Math.min(dim, MAX_ELEMENTS + 1));
      }
      if (elements > MAX_ELEMENTS) {
        return Optional.empty();
      }
      zeros.put(spec.name(), zeros(spec.datatype(), (int) elements).reshape(shape));
    }
    return Optional.of(zeros);
  }

  private static Tensor zeros(DataType type, int elements) {
    return type == DataType.BYTES
        ? Tensor.ofStrings(Collections.nCopies(elements, ""), elements)
        : Tensor.wrap(type, new long[] {elements}, ByteBuffer.allocate(elements * type.size()));
  }
}
