package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;

/** The values of an integer type that a {@code long} can hold; those of BOOL are 0 and 1. */
record IntegerRange(long least, long most) {
  static IntegerRange of(DataType type) {
    int spare = Long.SIZE - type.size() * Byte.SIZE;
    return switch (type) {
      case BOOL -> new IntegerRange(0, 1);
      case UINT8, UINT16, UINT32 -> new IntegerRange(0, Long.MAX_VALUE >> (spare - 1));
      case INT8, INT16, INT32, INT64 ->
          new IntegerRange(Long.MIN_VALUE >> spare, Long.MAX_VALUE >> spare);
      default -> throw new IllegalArgumentException("type: " + type + " is not an integer type");
    };
  }

  boolean contains(long value) {
    return value >= least && value <= most;
  }
}
