package io.powernode.dim.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a model says of one of its inputs or outputs.
 *
 * @param name the tensor's name in the model; not empty
 * @param datatype the element type
 * @param shape the dimensions; -1 for one that may vary, as the batch does
 * @param columns names of the columns along the last dimension, in the model's order; empty when
 *     the order of the data is the model's
 */
public record TensorSpec(String name, DataType datatype, List<Long> shape, List<String> columns) {

  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(datatype, "datatype");
    shape = List.copyOf(shape);
    columns = List.copyOf(columns);
  }

  /** A tensor without named columns. */
  public static TensorSpec of(String name, DataType datatype, long... shape) {
    return new TensorSpec(name, datatype, Arrays.stream(shape).boxed().toList(), List.of());
  }

  /** Whether {@code tensor} has this type, this rank, and each dimension that is not -1. */
  public boolean accepts(Tensor tensor) {
    if (tensor.dataType() != datatype || tensor.rank() != shape.size()) {
      return false;
    }
    for (int i = 0; i < shape.size(); i++) {
      if (shape.get(i) >= 0 && shape.get(i) != tensor.dimension(i)) {
        return false;
      }
    }
    return true;
  }
}
