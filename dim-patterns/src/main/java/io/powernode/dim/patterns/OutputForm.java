package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Partial;
import java.util.List;
import java.util.Optional;

/** The form of means and sums: one FP64 tensor for each output, shaped like one row of it. */
final class OutputForm {
  private OutputForm() {}

  static Optional<String> problem(Partial partial, ModelDescriptor model) {
    List<TensorSpec> outputs = model.signature().outputs();
    if (!outputs.isEmpty() && outputs.size() != partial.values().size()) {
      return Optional.of("it has another number of tensors than the model has outputs");
    }
    for (TensorSpec output : outputs) {
      Tensor tensor = partial.values().get(output.name());
      if (tensor == null) {
        return Optional.of("the output " + output.name() + " is missing");
      }
      if (!fits(tensor, output.shape())) {
        return Optional.of("the output " + output.name() + " has another shape than the model's");
      }
    }
    for (Tensor tensor : partial.values().values()) {
      if (tensor.dataType() != DataType.FP64) {
        return Optional.of("it has a tensor that is not FP64");
      }
    }
    return Optional.empty();
  }

  private static boolean fits(Tensor tensor, List<Long> output) {
    List<Long> row = output.size() < 2 ? List.of(1L) : output.subList(1, output.size());
    if (tensor.rank() != row.size()) {
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
