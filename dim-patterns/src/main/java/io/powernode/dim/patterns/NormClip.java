package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scales contributions down whose Euclidean norm, over all numbers of all tensors, exceeds a bound,
 * so that none can pull an average farther than the bound allows. Source: the clipping of McMahan
 * et al., Learning Differentially Private Recurrent Language Models, ICLR 2018.
 *
 * @param inputs the contributions, the scaled ones as FP64
 * @param details which nodes' contributions were scaled, for the evidence; none without a bound
 */
record NormClip(List<Input> inputs, Options details) {

  static NormClip of(List<Input> inputs, Optional<Double> bound) {
    return bound.map(most -> of(inputs, most)).orElse(new NormClip(inputs, Options.none()));
  }

  private static NormClip of(List<Input> inputs, double bound) {
    List<Input> within = new ArrayList<>();
    List<String> clipped = new ArrayList<>();
    for (Input input : inputs) {
      Norm norm = Norm.of(input.partial().values());
      if (norm.exceeds(bound)) {
        clipped.add(input.nodeId());
        within.add(new Input(input.nodeId(), norm.scaled(input.partial(), bound), input.weight()));
      } else {
        within.add(input);
      }
    }
    return new NormClip(
        List.copyOf(within), Options.of(Map.of(CollaborativeEngine.CLIPPED, clipped)));
  }

  /**
   * A norm that cannot overflow: {@code scaled × 2^exponent}, where the largest number is about
   * {@code 2^exponent}.
   */
  private record Norm(double scaled, int exponent) {

    static Norm of(Map<String, Tensor> tensors) {
      double largest = 0;
      for (Tensor tensor : tensors.values()) {
        for (double value : tensor.toDoubles()) {
          largest = Math.max(largest, Math.abs(value));
        }
      }
      int exponent = Math.getExponent(largest);
      double squares = 0;
      for (Tensor tensor : tensors.values()) {
        for (double value : tensor.toDoubles()) {
          double small = Math.scalb(value, -exponent);
          squares += small * small;
        }
      }
      return new Norm(Math.sqrt(squares), exponent);
    }

    boolean exceeds(double bound) {
      return Math.scalb(scaled, exponent) > bound;
    }

    Partial scaled(Partial partial, double bound) {
      double factor = bound / scaled;
      Map<String, Tensor> values = new LinkedHashMap<>();
      partial.values().forEach((name, tensor) -> values.put(name, scaled(tensor, factor)));
      return new Partial(values, partial.samples());
    }

    private Tensor scaled(Tensor tensor, double factor) {
      double[] values = tensor.toDoubles();
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.scalb(values[i], -exponent) * factor;
      }
      return Tensors.ofDoubles(values, tensor.shape());
    }
  }
}
