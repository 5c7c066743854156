package io.powernode.dim.inference;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes ONNX models of Cast nodes side by side, for tensors of any shape; outputs have the order
 * of the casts. Field numbers are those of onnx.proto, ONNX 1.21.
 */
final class CastModel {
  /** The first version of Cast that knows 8-bit floats, and the first file version that has it. */
  private static final int OPSET = 19;

  private static final int IR_VERSION = 9;
  private static final int ATTRIBUTE_INT = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CastModel() {}

  /** A cast from one element type to another. */
  record Cast(ElementType from, ElementType to) {}

  /** The name of the input of the cast at {@code index}. */
  static String input(int index) {
    return "i" + index;
  }

  private static String output(int index) {
    return "o" + index;
  }

  static byte[] of(List<Cast> casts) {
    CastModel graph = new CastModel();
    for (int i = 0; i < casts.size(); i++) {
      graph.message(1, node(input(i), output(i), casts.get(i).to()));
    }
    graph.text(2, "casts");
    for (int i = 0; i < casts.size(); i++) {
      graph.message(11, value(input(i), casts.get(i).from()));
      graph.message(12, value(output(i), casts.get(i).to()));
    }
    CastModel opset = new CastModel().text(1, "").number(2, OPSET);
    return new CastModel()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, opset)
        .out
        .toByteArray();
  }

  private static CastModel node(String from, String to, ElementType type) {
    CastModel node =
        new CastModel()
            .text(1, from)
            .text(2, to)
            .text(4, "Cast")
            .message(5, attribute("to", type.number()));
    // A number beyond an 8-bit float's range is not to become another number. The runtime refuses
    // the attribute for other types, and no carrier has 8 bits.
    return type.bits() == 8 ? node.message(5, attribute("saturate", 0)) : node;
  }

  private static CastModel attribute(String name, int value) {
    return new CastModel().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  private static CastModel value(String name, ElementType type) {
    CastModel tensor = new CastModel().number(1, type.number());
    return new CastModel().text(1, name).message(2, new CastModel().message(1, tensor));
  }

  private CastModel number(int field, int value) {
    varint(field << 3);
    varint(value);
    return this;
  }

  private CastModel text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.US_ASCII));
  }

  private CastModel message(int field, CastModel value) {
    return bytes(field, value.out.toByteArray());
  }

  private CastModel bytes(int field, byte[] value) {
    varint(field << 3 | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
