package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Partial;
import java.util.List;
import java.util.Optional;

/** The form of partials with one tensor for each output, shaped like one row of it. */
final class OutputForm {
  private OutputForm() {}

  /** What is wrong with means or sums. */
  static Optional<String> problem(Partial partial, ModelDescriptor model) {
    return problem(partial, model, DataType.FP64, 0);
  }

  /**
   * What is wrong with tensors of one type.
   *
   * @param more how many dimensions follow those of a row
   */
  static Optional<String> problem(Partial partial, ModelDescriptor model, DataType type, int more) {
    List<TensorSpec> outputs = model.signature().outputs();
    if (!outputs.isEmpty() && outputs.size() != partial.values().size()) {
      return Optional.of("it has another number of tensors than the model has outputs");
    }
    for (TensorSpec output : outputs) {
      Tensor tensor = partial.values().get(output.name());
      if (tensor == null) {
        return Optional.of("the output " + output.name() + " is missing");
      }
      if (!fits(tensor, output.shape(), more)) {
        return Optional.of("the output " + output.name() + " has another shape than the model's");
      }
    }
    for (Tensor tensor : partial.values().values()) {
      if (tensor.dataType() != type || tensor.rank() < more) {
        return Optional.of("it has a tensor that is not " + type);
      }
    }
    return Optional.empty();
  }

  private static boolean fits(Tensor tensor, List<Long> output, int more) {
    List<Long> row = output.size() < 2 ? List.of(1L) : output.subList(1, output.size());
    if (tensor.rank() != row.size() + more) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i) >= 0 && row.get(i) != tensor.dimension(i)) {
        return false;
      }
    }
    return true;
  }
}
