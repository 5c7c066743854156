package io.powernode.dim.inference;

import io.powernode.dim.inference.TensorCheck.Constant;
import io.powernode.dim.inference.ValueTypes.ParsedType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks over a model file's messages: collects inputs and outputs, and has every tensor checked,
 * wherever it hides (initialisers, attributes, subgraphs, functions). Field numbers are those of
 * onnx.proto, ONNX 1.21. Not thread-safe.
 */
final class GraphWalk {
  /** Longer names are no names; keeps a file from filling the heap. */
  static final int MAX_NAME = 1 << 16;

  private final OnnxTexts texts = new OnnxTexts();
  private final TensorCheck tensors;
  private final Map<String, OnnxValue> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxValue> outputs = new LinkedHashMap<>();
  private final Set<String> initializers = new HashSet<>();
  private final ShapeLimit shapes = new ShapeLimit();
  private boolean hasAlteredText;

  GraphWalk(ExternalData external) {
    this.tensors = new TensorCheck(external, texts);
  }

  /** What must be fed: the graph's inputs without those that have an initialiser. */
  List<OnnxValue> inputs() {
    List<OnnxValue> required = new ArrayList<>(inputs.values());
    required.removeIf(input -> initializers.contains(input.name()));
    return required;
  }

  List<OnnxValue> outputs() {
    return List.copyOf(outputs.values());
  }

  void model(WireMessage model) {
    boolean hasVersion = false;
    boolean hasGraph = false;
    while (model.next()) {
      switch (model.field()) {
        case 1 -> hasVersion = model.number() > 0;
        case 7 -> {
          if (hasGraph) {
            throw Refusals.malformed("it has two graphs");
          }
          hasGraph = true;
          graph(model.message(), true);
        }
        case 20 -> training(model.message());
        case 25 -> function(model.message());
        default -> {}
      }
    }
    if (!hasVersion || !hasGraph) {
      throw Refusals.malformed(hasGraph ? "it has no version" : "it has no graph");
    }
    if (outputs.isEmpty()) {
      throw Refusals.malformed("it has no output");
    }
    shapes.require();
    if (hasAlteredText && outputs.values().stream().anyMatch(GraphWalk::hasTexts)) {
      throw Refusals.unsupported(
          "the model has texts that ONNX Runtime's Java interface would alter;"
              + " allowed: UTF-8 without NUL and without characters beyond U+FFFF");
    }
  }

  private void graph(WireMessage graph, boolean top) {
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> node(graph.message());
        case 5 -> {
          Constant constant = tensor(graph.message());
          shapes.constant(constant.name(), constant.shapeElements());
          if (top) {
            initializers.add(constant.name());
          }
        }
        case 11 -> value(graph, top, inputs);
        case 12 -> value(graph, top, outputs);
        case 15 -> refuseSparse();
        default -> {}
      }
    }
  }

  private void node(WireMessage node) {
    List<String> from = new ArrayList<>();
    String to = "";
    String operator = "";
    long shapeElements = 0;
    while (node.next()) {
      switch (node.field()) {
        case 1 -> from.add(node.text(MAX_NAME));
        case 2 -> to = node.text(MAX_NAME);
        case 4 -> operator = node.text(MAX_NAME);
        case 5 -> shapeElements = Math.max(shapeElements, attribute(node.message()));
        default -> {}
      }
    }
    switch (operator) {
      case "Constant" -> shapes.constant(to, shapeElements);
      case "ConstantOfShape", "Expand" -> {
        if (!from.isEmpty()) {
          shapes.filledBy(operator, from.get(from.size() - 1));
        }
      }
      default -> {}
    }
  }

  /** The number of elements of the shape that the attribute lists, if it does. */
  private long attribute(WireMessage attribute) {
    long shapeElements = 0;
    while (attribute.next()) {
      switch (attribute.field()) {
        case 4, 9 -> hasAlteredText |= texts.plain(attribute.bytes()).isEmpty();
        case 5 -> shapeElements = tensor(attribute.message()).shapeElements();
        case 10 -> tensor(attribute.message());
        case 6, 11 -> graph(attribute.message(), false);
        case 22, 23 -> refuseSparse();
        default -> {}
      }
    }
    return shapeElements;
  }

  private Constant tensor(WireMessage tensor) {
    Constant constant = tensors.check(tensor);
    hasAlteredText |= constant.hasAlteredText();
    return constant;
  }

  private static boolean hasTexts(OnnxValue output) {
    return output.typeName().contains(ElementType.STRING.onnxName());
  }

  private void function(WireMessage function) {
    while (function.next()) {
      switch (function.field()) {
        case 7 -> node(function.message());
        case 11 -> attribute(function.message());
        default -> {}
      }
    }
  }

  private void training(WireMessage training) {
    while (training.next()) {
      if (training.field() == 1 || training.field() == 2) {
        graph(training.message(), false);
      }
    }
  }

  /** The dense form of a sparse tensor may be any size, whatever the file's size. */
  private static void refuseSparse() {
    throw Refusals.unsupported("the model has sparse constants; allowed: dense ones");
  }

  private static void value(WireMessage graph, boolean top, Map<String, OnnxValue> into) {
    WireMessage value = graph.message();
    if (!top) {
      return;
    }
    String name = "";
    ParsedType type = ParsedType.ABSENT;
    while (value.next()) {
      switch (value.field()) {
        case 1 -> name = value.text(MAX_NAME);
        case 2 -> type = ValueTypes.parse(value.message());
        default -> {}
      }
    }
    OnnxValue parsed = new OnnxValue(name, type.name(), type.form(), type.element(), type.shape());
    if (name.isEmpty() || into.put(name, parsed) != null) {
      throw Refusals.malformed("an input or output has no name of its own");
    }
  }
}
