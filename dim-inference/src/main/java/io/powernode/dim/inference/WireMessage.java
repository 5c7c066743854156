package io.powernode.dim.inference;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Walks over the fields of one protobuf message in a file, checking that every field lies inside
 * its message. Not thread-safe. Source: the wire format in protobuf's encoding documentation.
 */
final class WireMessage {
  /** As deep as protobuf's own parsers go. */
  private static final int MAX_DEPTH = 100;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final WindowedFile file;
  private final long end;
  private final int depth;
  private long next;
  private int field;
  private int wireType;
  private long payload;
  private long number;

  private WireMessage(WindowedFile file, long start, long end, int depth) {
    this.file = file;
    this.next = start;
    this.end = end;
    this.depth = depth;
  }

  /** The message that the whole file is. */
  static WireMessage of(WindowedFile file) {
    return new WireMessage(file, 0, file.size(), 0);
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() {
    if (next == end) {
      return false;
    }
    long tag = readVarint();
    if (tag >>> 3 == 0 || tag >>> 3 > 0x1fffffff) {
      throw Refusals.malformed("a field has an illegal number");
    }
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    switch (wireType) {
      case VARINT -> number = readVarint();
      case FIXED64 -> skip(Long.BYTES);
      case FIXED32 -> skip(Integer.BYTES);
      case BYTES -> skip(readVarint());
      default -> throw Refusals.malformed("a field has an illegal wire type");
    }
    return true;
  }

  /** The current field's number. */
  int field() {
    return field;
  }

  /** The current field as an integer. */
  long number() {
    require(VARINT);
    return number;
  }

  /** How many bytes the current field's content takes; 4 or 8 for a fixed-size number. */
  long length() {
    return wireType == VARINT ? Long.BYTES : next - payload;
  }

  /** Whether the current field holds bytes: a text, a message or packed numbers. */
  boolean isBytes() {
    return wireType == BYTES;
  }

  /** The message in the current field. */
  WireMessage message() {
    require(BYTES);
    if (depth == MAX_DEPTH) {
      throw Refusals.malformed("messages are nested deeper than " + MAX_DEPTH + " levels");
    }
    return new WireMessage(file, payload, next, depth + 1);
  }

  /** The text in the current field, which must not be longer than {@code limit} bytes. */
  String text(int limit) {
    require(BYTES);
    if (length() > limit) {
      throw Refusals.malformed("a name is longer than " + limit + " bytes");
    }
    return new String(file.bytes(payload, (int) length()), StandardCharsets.UTF_8);
  }

  /** All bytes of the current field, which the caller has found to be few. */
  byte[] bytes() {
    require(BYTES);
    return file.bytes(payload, (int) length());
  }

  /** Hands the current field's integers to {@code sink}: one, or many where they are packed. */
  void numbers(LongConsumer sink) {
    if (wireType == VARINT) {
      sink.accept(number);
      return;
    }
    WireMessage packed = message();
    while (packed.next != packed.end) {
      sink.accept(packed.readVarint());
    }
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw Refusals.malformed("field " + field + " has an unexpected wire type");
    }
  }

  private void skip(long length) {
    payload = next;
    if (length < 0 || length > end - next) {
      throw Refusals.malformed("a field runs past the end of its message");
    }
    next += length;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (next == end) {
        throw Refusals.malformed("a number runs past the end of its message");
      }
      int b = file.at(next++);
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw Refusals.malformed("a number is longer than 10 bytes");
  }
}
