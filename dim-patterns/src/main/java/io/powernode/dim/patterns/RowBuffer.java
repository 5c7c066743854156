package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts tensors of some rows each one below the other, along their first dimension. */
final class RowBuffer {
  private final Map<String, List<Tensor>> blocks = new LinkedHashMap<>();
  private boolean started;

  /** Takes rows: the same names each time, equal types, and equal shapes but for the first. */
  void add(Map<String, Tensor> rows) {
    if (started && !rows.keySet().equals(blocks.keySet())) {
      throw new DimException(ErrorCode.INVALID_DATA, "rows: the tensors' names change");
    }
    started = true;
    rows.forEach(
        (name, tensor) -> {
          List<Tensor> earlier = blocks.computeIfAbsent(name, key -> new ArrayList<>());
          if (!earlier.isEmpty() && !continues(earlier.get(0), tensor)) {
            throw new DimException(
                ErrorCode.INVALID_DATA, "tensor " + name + ": its type or shape changes");
          }
          earlier.add(tensor);
        });
  }

  /** All rows so far. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> whole = new LinkedHashMap<>();
    blocks.forEach((name, parts) -> whole.put(name, concatenated(name, parts)));
    return whole;
  }

  private static boolean continues(Tensor first, Tensor next) {
    return first.dataType() == next.dataType()
        && first.rank() == next.rank()
        && Arrays.equals(tail(first), tail(next));
  }

  private static long[] tail(Tensor tensor) {
    return Arrays.copyOfRange(tensor.shape(), 1, tensor.rank());
  }

  private static Tensor concatenated(String name, List<Tensor> parts) {
    long bytes = parts.stream().mapToLong(Tensor::byteSize).sum();
    if (bytes > Integer.MAX_VALUE) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "tensor " + name + ": takes more than 2 GiB over all rows");
    }
    return Tensor.concat(parts);
  }
}
