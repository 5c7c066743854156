package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file that holds one TensorProto of onnx.proto, ONNX 1.21, as the suites' inputs are. */
final class TensorFile {
  private final List<Long> shape = new ArrayList<>();
  private final List<byte[]> texts = new ArrayList<>();
  private final List<Long> integers = new ArrayList<>();
  private ElementType type = ElementType.FLOAT;
  private byte[] raw = {};

  private TensorFile() {}

  /** The tensor in its type in DIM: 8-bit floats decoded to FP32. */
  static Tensor read(Path file) throws IOException {
    TensorFile tensor = new TensorFile();
    try (FileChannel channel = FileChannel.open(file)) {
      tensor.parse(WireMessage.of(new WindowedFile(channel)));
    }
    return tensor.toTensor();
  }

  private void parse(WireMessage proto) {
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> proto.numbers(shape::add);
        case 2 -> type = ElementType.of(proto.number()).orElseThrow();
        case 5, 7, 11 -> proto.numbers(integers::add);
        case 6 -> texts.add(proto.bytes());
        case 4, 9, 10 -> raw = proto.bytes();
        default -> {}
      }
    }
  }

  private Tensor toTensor() {
    DataType dataType = type.dataType().orElseThrow();
    long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
    if (dataType == DataType.BYTES) {
      return Tensor.ofByteStrings(texts, texts.size()).reshape(dims);
    }
    ByteBuffer data = raw.length > 0 ? ByteBuffer.wrap(raw) : packed();
    return Tensor.wrap(dataType, dims, type.carrier() == ElementType.FLOAT ? floats(data) : data);
  }

  /** Integers, and the bits of small floats, one to a number. */
  private ByteBuffer packed() {
    int size = type.bits() / Byte.SIZE;
    ByteBuffer bytes = ByteBuffer.allocate(integers.size() * size);
    for (long value : integers) {
      for (int i = 0; i < size; i++) {
        bytes.put((byte) (value >> (Byte.SIZE * i)));
      }
    }
    return bytes.flip();
  }

  private ByteBuffer floats(ByteBuffer data) {
    if (type == ElementType.FLOAT) {
      return data;
    }
    ByteBuffer decoded =
        ByteBuffer.allocate(data.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      decoded.putFloat(Float8.decode(type, data.get() & 0xff));
    }
    return decoded.flip();
  }
}
