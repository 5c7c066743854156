package io.powernode.dim.inference;

import ai.onnxruntime.OnnxJavaType;
import io.powernode.dim.api.DataType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The element types of ONNX tensors: their numbers in a file (TensorProto.DataType of ONNX 1.21),
 * their size, and where a model may have them in inputs and outputs, what they are in DIM and in
 * ONNX Runtime's Java interface. That interface lacks some, which are then those of their {@link
 * #carrier}.
 */
enum ElementType {
  FLOAT(1, 32, DataType.FP32, OnnxJavaType.FLOAT),
  UINT8(2, 8, DataType.UINT8, OnnxJavaType.UINT8),
  INT8(3, 8, DataType.INT8, OnnxJavaType.INT8),
  UINT16(4, 16, DataType.UINT16, OnnxJavaType.INT16),
  INT16(5, 16, DataType.INT16, OnnxJavaType.INT16),
  INT32(6, 32, DataType.INT32, OnnxJavaType.INT32),
  INT64(7, 64, DataType.INT64, OnnxJavaType.INT64),
  STRING(8, 0, DataType.BYTES, OnnxJavaType.STRING),
  BOOL(9, 8, DataType.BOOL, OnnxJavaType.BOOL),
  FLOAT16(10, 16, DataType.FP16, OnnxJavaType.FLOAT16),
  DOUBLE(11, 64, DataType.FP64, OnnxJavaType.DOUBLE),
  UINT32(12, 32, DataType.UINT32, OnnxJavaType.INT32),
  UINT64(13, 64, DataType.UINT64, OnnxJavaType.INT64),
  COMPLEX64(14, 64),
  COMPLEX128(15, 128),
  BFLOAT16(16, 16, DataType.BF16, OnnxJavaType.BFLOAT16),
  FLOAT8E4M3FN(17, 8, DataType.FP32, OnnxJavaType.FLOAT),
  FLOAT8E4M3FNUZ(18, 8, DataType.FP32, OnnxJavaType.FLOAT),
  FLOAT8E5M2(19, 8, DataType.FP32, OnnxJavaType.FLOAT),
  FLOAT8E5M2FNUZ(20, 8, DataType.FP32, OnnxJavaType.FLOAT),
  UINT4(21, 4),
  INT4(22, 4),
  FLOAT4E2M1(23, 4),
  FLOAT8E8M0(24, 8),
  UINT2(25, 2),
  INT2(26, 2);

  private static final ElementType[] BY_NUMBER = new ElementType[27];
  private static final Map<DataType, OnnxJavaType> JAVA_TYPES = new EnumMap<>(DataType.class);

  static {
    for (ElementType type : values()) {
      BY_NUMBER[type.number] = type;
      if (type.dataType != null && type.javaType != null) {
        JAVA_TYPES.put(type.dataType, type.javaType);
      }
    }
  }

  private final int number;
  private final int bits;
  private final @Nullable DataType dataType;
  private final @Nullable OnnxJavaType javaType;

  ElementType(int number, int bits) {
    this(number, bits, null, null);
  }

  ElementType(int number, int bits, @Nullable DataType dataType, @Nullable OnnxJavaType javaType) {
    this.number = number;
    this.bits = bits;
    this.dataType = dataType;
    this.javaType = javaType;
  }

  /** The type with this number in a file. */
  static Optional<ElementType> of(long number) {
    return number < 1 || number >= BY_NUMBER.length
        ? Optional.empty()
        : Optional.of(BY_NUMBER[(int) number]);
  }

  /** What ONNX Runtime's Java interface calls {@code dataType}, which it must be able to carry. */
  static OnnxJavaType javaType(DataType dataType) {
    OnnxJavaType type = JAVA_TYPES.get(dataType);
    if (type == null) {
      throw new IllegalArgumentException(dataType + " has no counterpart");
    }
    return type;
  }

  /** The number in a file. */
  int number() {
    return number;
  }

  /**
   * The type as which ONNX Runtime's Java interface passes elements in and out; where it is another
   * one, {@link CastBridge} casts between the two. Unsigned integers keep their bits that way: ONNX
   * casts integers by reinterpreting the bits that remain.
   */
  ElementType carrier() {
    return switch (this) {
      case UINT16 -> INT16;
      case UINT32 -> INT32;
      case UINT64 -> INT64;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> FLOAT;
      default -> this;
    };
  }

  /** Bits an element takes; 0 for strings, whose elements vary. */
  int bits() {
    return bits;
  }

  /** The type in DIM; empty where it can be neither carried nor cast. */
  Optional<DataType> dataType() {
    return Optional.ofNullable(dataType);
  }

  /** The name as ONNX writes it. */
  String onnxName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
