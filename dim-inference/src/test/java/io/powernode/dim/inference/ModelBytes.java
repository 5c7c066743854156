package io.powernode.dim.inference;

import java.util.Arrays;

/** Small ONNX models, built field by field; numbers are those of onnx.proto. */
final class ModelBytes {
  static final int FLOAT = 1;
  static final int INT64 = 7;
  static final int STRING = 8;

  private final Proto graph = new Proto().text(2, "test");
  private int opset = 17;

  /** An identity from x to y. */
  static byte[] identity(int elementType, Object... shape) {
    Proto type = tensorType(elementType, shape);
    return new ModelBytes().node("Identity", "x", "y").input("x", type).output("y", type).toBytes();
  }

  ModelBytes opset(int version) {
    this.opset = version;
    return this;
  }

  /** A node with one output; inputs are separated by commas. */
  ModelBytes node(String op, String inputs, String output, Proto... attributes) {
    return node("", op, inputs, output, attributes);
  }

  ModelBytes node(String domain, String op, String inputs, String output, Proto... attributes) {
    Proto node = new Proto();
    Arrays.stream(inputs.split(",")).filter(i -> !i.isEmpty()).forEach(i -> node.text(1, i));
    node.text(2, output).text(4, op);
    Arrays.stream(attributes).forEach(a -> node.message(5, a));
    graph.message(1, node.text(7, domain));
    return this;
  }

  ModelBytes input(String name, Proto type) {
    graph.message(11, new Proto().text(1, name).message(2, type));
    return this;
  }

  ModelBytes output(String name, Proto type) {
    graph.message(12, new Proto().text(1, name).message(2, type));
    return this;
  }

  ModelBytes initializer(Proto tensor) {
    graph.message(5, tensor);
    return this;
  }

  ModelBytes graphField(int field, Proto value) {
    graph.message(field, value);
    return this;
  }

  byte[] toBytes() {
    return model().toBytes();
  }

  Proto model() {
    return new Proto()
        .number(1, 8)
        .message(8, new Proto().text(1, "").number(2, opset))
        .message(8, new Proto().text(1, "ai.onnx.ml").number(2, 1))
        .message(7, graph);
  }

  /** A tensor's type; a dimension is a number, or a text for a symbolic one. */
  static Proto tensorType(int elementType, Object... shape) {
    Proto dims = new Proto();
    for (Object dim : shape) {
      dims.message(
          1,
          dim instanceof String name
              ? new Proto().text(2, name)
              : new Proto().number(1, ((Number) dim).longValue()));
    }
    return new Proto().message(1, new Proto().number(1, elementType).message(2, dims));
  }

  /** A tensor's type without a shape: not even the rank is known. */
  static Proto rankless(int elementType) {
    return new Proto().message(1, new Proto().number(1, elementType));
  }

  static Proto sequenceOf(Proto type) {
    return new Proto().message(4, new Proto().message(1, type));
  }

  static Proto mapOf(int key, Proto value) {
    return new Proto().message(5, new Proto().number(1, key).message(2, value));
  }

  static Proto optional(Proto type) {
    return new Proto().message(9, new Proto().message(1, type));
  }

  /** The beginning of a constant. */
  static Proto tensor(String name, int elementType, long... dims) {
    Proto tensor = new Proto();
    for (long dim : dims) {
      tensor.number(1, dim);
    }
    return tensor.number(2, elementType).text(8, name);
  }

  static Proto longs(String name, long... values) {
    Proto tensor = tensor(name, INT64, values.length);
    for (long value : values) {
      tensor.number(7, value);
    }
    return tensor;
  }

  static Proto external(Proto tensor, String... keysAndValues) {
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tensor.message(13, new Proto().text(1, keysAndValues[i]).text(2, keysAndValues[i + 1]));
    }
    return tensor.number(14, 1);
  }

  static Proto attribute(String name, int type) {
    return new Proto().text(1, name).number(20, type);
  }
}
