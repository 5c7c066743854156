package io.powernode.dim.api;

/**
 * The element types of a {@link Tensor}: those of the Open Inference Protocol (KServe v2), by the
 * protocol's names.
 */
public enum DataType {
  /** One byte, 0 or 1. */
  BOOL(1),
  /** Unsigned 8 bits. */
  UINT8(1),
  /** Unsigned 16 bits. */
  UINT16(2),
  /** Unsigned 32 bits. */
  UINT32(4),
  /** Unsigned 64 bits. */
  UINT64(8),
  /** Signed 8 bits. */
  INT8(1),
  /** Signed 16 bits. */
  INT16(2),
  /** Signed 32 bits. */
  INT32(4),
  /** Signed 64 bits. */
  INT64(8),
  /** IEEE 754 binary16. */
  FP16(2),
  /** The upper half of an IEEE 754 binary32. */
  BF16(2),
  /** IEEE 754 binary32. */
  FP32(4),
  /** IEEE 754 binary64. */
  FP64(8),
  /** Byte strings of any length; text is UTF-8. */
  BYTES(0);

  private final int size;

  DataType(int size) {
    this.size = size;
  }

  /** Bytes an element takes; 0 for {@link #BYTES}, whose elements vary. */
  public int size() {
    return size;
  }

  /** Whether elements are numbers; {@link #BOOL} counts as 0 and 1. */
  public boolean isNumeric() {
    return this != BYTES;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloating() {
    return this == FP16 || this == BF16 || this == FP32 || this == FP64;
  }
}
