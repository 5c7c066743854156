package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Collects the values of one column in the layout of a tensor. Not thread-safe. */
final class ColumnBuffer {
  private static final int INITIAL_BYTES = 256;

  private final DataType type;
  private ByteBuffer bytes = fresh(INITIAL_BYTES);

  ColumnBuffer(DataType type) {
    this.type = type;
  }

  DataType type() {
    return type;
  }

  /** Adds a number to a column of floats. */
  void add(double value) {
    ensure(Double.BYTES);
    if (type == DataType.FP32) {
      bytes.putFloat((float) value);
    } else {
      bytes.putDouble(value);
    }
  }

  /** Adds a number to a column of integers or truth values. */
  void add(long value) {
    ensure(Long.BYTES);
    switch (type.size()) {
      case Byte.BYTES -> bytes.put((byte) value);
      case Short.BYTES -> bytes.putShort((short) value);
      case Integer.BYTES -> bytes.putInt((int) value);
      default -> bytes.putLong(value);
    }
  }

  /** Adds a text. */
  void add(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    ensure(Integer.BYTES + text.length);
    bytes.putInt(text.length).put(text);
  }

  /** Adds an element that is laid out already. */
  void add(ByteBuffer element) {
    ensure(element.remaining());
    bytes.put(element);
  }

  /** Where the next element will begin. */
  int position() {
    return bytes.position();
  }

  /** Copies everything from {@code position} on; answers how many bytes that were. */
  int copy(int position, byte[] into, int at) {
    int length = bytes.position() - position;
    System.arraycopy(bytes.array(), position, into, at, length);
    return length;
  }

  /** The text that begins at {@code position}. */
  String textAt(int position) {
    int length = bytes.getInt(position);
    return new String(bytes.array(), position + Integer.BYTES, length, StandardCharsets.UTF_8);
  }

  /** Forgets everything from {@code position} on. */
  void truncate(int position) {
    bytes.position(position);
  }

  /** The values as a tensor of shape [rows]; the buffer is empty afterwards. */
  Tensor take(int rows) {
    Tensor tensor = Tensor.wrap(type, new long[] {rows}, bytes.flip());
    bytes = fresh(Math.max(INITIAL_BYTES, bytes.limit()));
    return tensor;
  }

  private void ensure(int more) {
    if (bytes.remaining() < more) {
      int needed = Math.addExact(bytes.position(), more);
      int doubled = (int) Math.min(2L * bytes.capacity(), Integer.MAX_VALUE - 8);
      bytes = fresh(Math.max(needed, doubled)).put(bytes.flip());
    }
  }

  private static ByteBuffer fresh(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
