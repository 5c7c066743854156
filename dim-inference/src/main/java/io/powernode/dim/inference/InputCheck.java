package io.powernode.dim.inference;

import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Holds a caller's tensors against the signature; messages name types and shapes, never values. */
final class InputCheck {
  private InputCheck() {}

  /** The tensors in the signature's order. */
  static List<Tensor> require(Signature signature, Map<String, Tensor> inputs) {
    List<TensorSpec> expected = signature.inputs();
    List<Tensor> tensors = new ArrayList<>(expected.size());
    for (TensorSpec spec : expected) {
      Tensor tensor = inputs.get(spec.name());
      if (tensor == null) {
        throw Refusals.data("input " + spec.name() + ": is missing; allowed: " + describe(spec));
      }
      if (!spec.accepts(tensor)) {
        throw Refusals.data(
            "input " + spec.name() + ": is " + tensor + "; allowed: " + describe(spec));
      }
      tensors.add(tensor);
    }
    if (inputs.size() != expected.size()) {
      TreeSet<String> extra = new TreeSet<>(inputs.keySet());
      expected.forEach(spec -> extra.remove(spec.name()));
      throw Refusals.data(
          "input " + extra.first() + ": is not an input of the model; allowed: " + names(expected));
    }
    return tensors;
  }

  /** Type and shape. */
  static String describe(TensorSpec spec) {
    return spec.datatype() + spec.shape().toString();
  }

  private static String names(List<TensorSpec> specs) {
    return String.join(", ", specs.stream().map(TensorSpec::name).sorted().toList());
  }
}
