package io.powernode.dim.api;

import java.util.List;
import java.util.Optional;

/**
 * The inputs and outputs of a model, in the model's order.
 *
 * @param inputs what an inference needs
 * @param outputs what it answers
 */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {

  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The input called {@code name}. */
  public Optional<TensorSpec> input(String name) {
    return inputs.stream().filter(t -> t.name().equals(name)).findFirst();
  }

  /** The output called {@code name}. */
  public Optional<TensorSpec> output(String name) {
    return outputs.stream().filter(t -> t.name().equals(name)).findFirst();
  }
}
