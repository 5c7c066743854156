package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The types of TorchScript's arguments and results that can be carried, as its code writes them.
 */
enum TorchType {
  TENSOR(
      "Tensor",
      Set.of(
          DataType.BOOL,
          DataType.UINT8,
          DataType.INT8,
          DataType.INT32,
          DataType.INT64,
          DataType.FP16,
          DataType.FP32,
          DataType.FP64)),
  INT("int", Set.of(DataType.INT64)),
  FLOAT("float", Set.of(DataType.FP64)),
  BOOL("bool", Set.of(DataType.BOOL));

  private final String text;
  private final Set<DataType> dataTypes;

  TorchType(String text, Set<DataType> dataTypes) {
    this.text = text;
    this.dataTypes = dataTypes;
  }

  /** The type that the code writes as {@code text}; empty where it cannot be carried. */
  static Optional<TorchType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  /** What its elements may be in DIM. */
  Set<DataType> dataTypes() {
    return dataTypes;
  }

  /** Whether it is a single value and no tensor: in DIM, a tensor without dimensions. */
  boolean isScalar() {
    return this != TENSOR;
  }

  @Override
  public String toString() {
    return text;
  }
}
