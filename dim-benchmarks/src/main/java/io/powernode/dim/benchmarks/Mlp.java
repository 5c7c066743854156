package io.powernode.dim.benchmarks;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A multilayer perceptron with random weights as an ONNX file: {@code x} FP32 [n, inputs], layers
 * of {@code Gemm} with {@code Relu} between, {@code y} FP32 [n, outputs]. The field numbers are
 * those of onnx.proto.
 *
 * @param widths of the input and of each layer's output
 */
record Mlp(int... widths) {
  private static final long IR_VERSION = 8;
  private static final long OPSET = 13;
  private static final long FLOAT = 1;

  /** Writes the model and describes it. */
  ModelDescriptor write(Path file, String id) {
    byte[] bytes = model().toByteArray();
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ModelDescriptor.of(
        id,
        new ModelArtifact("onnx", Digest.of(bytes), bytes.length, List.of()),
        new Signature(
            List.of(TensorSpec.of("x", DataType.FP32, -1, widths[0])),
            List.of(TensorSpec.of("y", DataType.FP32, -1, widths[widths.length - 1]))));
  }

  private Message model() {
    Message graph = new Message().text(2, "mlp");
    SplittableRandom random = new SplittableRandom(widths.length);
    String input = "x";
    for (int i = 1; i < widths.length; i++) {
      boolean isLast = i == widths.length - 1;
      graph.message(5, weights("w" + i, random, widths[i - 1], widths[i]));
      graph.message(5, weights("b" + i, random, widths[i]));
      graph.message(1, node("Gemm", isLast ? "y" : "g" + i, input, "w" + i, "b" + i));
      if (!isLast) {
        graph.message(1, node("Relu", "r" + i, "g" + i));
      }
      input = "r" + i;
    }
    graph.message(11, value("x", widths[0]));
    graph.message(12, value("y", widths[widths.length - 1]));
    return new Message()
        .number(1, IR_VERSION)
        .message(8, new Message().number(2, OPSET))
        .message(7, graph);
  }

  private static Message node(String type, String output, String... inputs) {
    Message node = new Message();
    List.of(inputs).forEach(input -> node.text(1, input));
    return node.text(2, output).text(4, type);
  }

  private static Message weights(String name, SplittableRandom random, int... shape) {
    Message tensor = new Message();
    int count = 1;
    for (int dimension : shape) {
      tensor.number(1, dimension);
      count *= dimension;
    }
    ByteBuffer raw = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      raw.putFloat((float) random.nextDouble(-0.1, 0.1));
    }
    return tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array());
  }

  private static Message value(String name, int width) {
    Message shape =
        new Message()
            .message(1, new Message().text(2, "n"))
            .message(1, new Message().number(1, width));
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A protobuf message that is being written. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.toByteArray());
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
