package io.powernode.dim.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The element layout of BYTES tensors: a 32-bit length, then the bytes. */
final class ByteStrings {
  private ByteStrings() {}

  static ByteBuffer encode(List<String> values) {
    return encodeBytes(values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList());
  }

  static ByteBuffer encodeBytes(List<byte[]> values) {
    int size = 0;
    for (byte[] value : values) {
      size = Math.addExact(size, Math.addExact(Integer.BYTES, value.length));
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] value : values) {
      bytes.putInt(value.length).put(value);
    }
    return bytes.flip();
  }

  static List<String> decode(ByteBuffer data, int elements) {
    List<String> values = new ArrayList<>(elements);
    decodeBytes(data, elements).forEach(v -> values.add(new String(v, StandardCharsets.UTF_8)));
    return Collections.unmodifiableList(values);
  }

  static List<byte[]> decodeBytes(ByteBuffer data, int elements) {
    List<byte[]> values = new ArrayList<>(elements);
    for (int i = 0; i < elements; i++) {
      byte[] value = new byte[data.getInt()];
      data.get(value);
      values.add(value);
    }
    return Collections.unmodifiableList(values);
  }

  /** Walks over the lengths, so that a later decode cannot run out of bytes. */
  static void requireElements(ByteBuffer data, long elements) {
    ByteBuffer walk = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long found = 0;
    while (walk.remaining() >= Integer.BYTES) {
      int length = walk.getInt();
      if (length < 0 || length > walk.remaining()) {
        throw new IllegalArgumentException("data: a BYTES element is longer than the data");
      }
      walk.position(walk.position() + length);
      found++;
    }
    if (walk.hasRemaining() || found != elements) {
      throw new IllegalArgumentException(
          "data: holds " + found + " BYTES elements, the shape " + elements);
    }
  }
}
