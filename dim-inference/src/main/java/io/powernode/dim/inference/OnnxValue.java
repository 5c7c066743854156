package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import java.util.List;
import java.util.Optional;

/**
 * An input or output as an ONNX file declares it.
 *
 * @param name not empty
 * @param typeName the type as ONNX writes it, as in {@code sequence(map(int64, float))}
 * @param form how its elements are arranged
 * @param element the element type, of a map its values' type; empty where there is no single one
 * @param shape the dimensions, -1 where they vary; empty where the file does not even state how
 *     many there are
 */
record OnnxValue(
    String name,
    String typeName,
    Form form,
    Optional<ElementType> element,
    Optional<List<Long>> shape) {

  /** The element type in DIM; empty where it cannot be carried. */
  Optional<DataType> dataType() {
    return element.flatMap(ElementType::dataType);
  }

  /** How elements are arranged. */
  enum Form {
    /** A dense tensor. */
    TENSOR,
    /** One map from label to number: one row. */
    MAP,
    /** A map from label to number for each row, as scikit-learn's classifiers answer. */
    MAP_SEQUENCE,
    /** Anything else. */
    OTHER
  }
}
