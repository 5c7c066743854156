package io.powernode.dim.inference;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.inference.TorchForward.Argument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A descriptor's inputs and outputs as the manifest of a TorchScript model, which states neither
 * names of outputs nor element types nor shapes: they stand for the arguments and results of the
 * code, one for one in their order, whatever their names.
 *
 * @param signature the descriptor's
 * @param arguments what each input becomes
 * @param results what each output is made of
 * @param isTuple whether these are the parts of one result
 */
record TorchManifest(
    Signature signature, List<TorchType> arguments, List<TorchType> results, boolean isTuple) {
  private static final int LONGEST_TYPE = 100;

  TorchManifest {
    arguments = List.copyOf(arguments);
    results = List.copyOf(results);
  }

  /**
   * Holds the descriptor against the code.
   *
   * @throws io.powernode.dim.api.DimException with MODEL_INVALID or MODEL_UNSUPPORTED, naming the
   *     tensor
   */
  static TorchManifest of(ModelDescriptor model, TorchForward forward) {
    Signature signature = model.signature();
    if (signature.outputs().isEmpty()) {
      throw Refusals.invalid(
          "the descriptor names no outputs; allowed: inputs and outputs in the order of the model's"
              + " arguments and results, since TorchScript states no element types and shapes");
    }
    List<TorchType> arguments = arguments(forward, signature.inputs().size());
    List<TorchType> results = results(forward, signature.outputs().size());
    require("input ", signature.inputs(), arguments);
    require("output ", signature.outputs(), results);
    return new TorchManifest(signature, arguments, results, forward.isTuple());
  }

  private static List<TorchType> arguments(TorchForward forward, int inputs) {
    List<Argument> all = forward.arguments();
    List<TorchType> types = new ArrayList<>();
    for (int i = 0; i < all.size() && (i < inputs || !all.get(i).hasDefault()); i++) {
      types.add(type("argument " + all.get(i).name(), all.get(i).type()));
    }
    if (types.size() != inputs) {
      throw Refusals.invalid(
          "the descriptor has "
              + inputs
              + " inputs; allowed: one for each argument of the model ("
              + all.stream().map(Argument::name).collect(Collectors.joining(", "))
              + "), but for those with a default at the end");
    }
    return types;
  }

  private static List<TorchType> results(TorchForward forward, int outputs) {
    List<TorchType> types = forward.results().stream().map(type -> type("result", type)).toList();
    if (types.size() != outputs) {
      throw Refusals.invalid(
          "the descriptor has "
              + outputs
              + " outputs; allowed: "
              + types.size()
              + ", as the model");
    }
    return types;
  }

  private static TorchType type(String subject, String code) {
    return TorchType.of(code)
        .orElseThrow(
            () ->
                Refusals.unsupported(
                    subject
                        + ": is of type "
                        + shortened(code)
                        + "; allowed: Tensor, int, float, bool, and as a result a Tuple of these"));
  }

  /** The file may write anything there. */
  private static String shortened(String code) {
    String line = code.replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() > LONGEST_TYPE ? line.substring(0, LONGEST_TYPE) + "…" : line;
  }

  private static void require(String role, List<TensorSpec> specs, List<TorchType> types) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < specs.size(); i++) {
      TensorSpec spec = specs.get(i);
      TorchType type = types.get(i);
      String subject = role + spec.name() + ": ";
      if (!names.add(spec.name())) {
        throw Refusals.invalid(subject + "is declared twice");
      }
      if (!type.dataTypes().contains(spec.datatype())) {
        throw Refusals.invalid(
            subject
                + "is declared as "
                + spec.datatype()
                + "; allowed: "
                + type.dataTypes().stream()
                    .sorted()
                    .map(Enum::name)
                    .collect(Collectors.joining(", "))
                + ", for the model's "
                + type);
      }
      if (type.isScalar() && !spec.shape().isEmpty()) {
        throw Refusals.invalid(
            subject
                + "is declared with shape "
                + spec.shape()
                + "; allowed: [], for a single "
                + type);
      }
    }
  }
}
