package io.powernode.dim.inference;

import ai.onnxruntime.platform.Fp16Conversions;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An input without randomness that most models accept: for numbers with a fraction i/n, the i-th of
 * n, as ONNX's "light" models have it; for all others 0 and 1 by turns.
 */
final class Ramp {
  private Ramp() {}

  /** Tensors for all inputs, two where a dimension may vary. */
  static Map<String, Tensor> of(List<TensorSpec> inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : inputs) {
      long[] shape = spec.shape().stream().mapToLong(dim -> dim < 0 ? 2 : dim).toArray();
      int elements =
          (int)
              IntStream.range(0, shape.length)
                  .mapToLong(i -> shape[i])
                  .reduce(1, Math::multiplyExact);
      tensors.put(spec.name(), tensor(spec.datatype(), elements).reshape(shape));
    }
    return tensors;
  }

  private static Tensor tensor(DataType type, int elements) {
    if (type == DataType.BYTES) {
      return Tensor.ofStrings(
          IntStream.range(0, elements).mapToObj(i -> i % 2 == 0 ? "a" : "b").toList(), elements);
    }
    ByteBuffer data = ByteBuffer.allocate(elements * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      float fraction = (float) i / elements;
      switch (type) {
        case FP16 -> data.putShort(Fp16Conversions.floatToFp16(fraction));
        case BF16 -> data.putShort(Fp16Conversions.floatToBf16(fraction));
        case FP32 -> data.putFloat(fraction);
        case FP64 -> data.putDouble((double) i / elements);
        case BOOL, INT8, UINT8 -> data.put((byte) (i % 2));
        case INT16 -> data.putShort((short) (i % 2));
        case INT32 -> data.putInt(i % 2);
        case INT64 -> data.putLong(i % 2);
        default -> throw new IllegalArgumentException(type.toString());
      }
    }
    return Tensor.wrap(type, new long[] {elements}, data.flip());
  }
}
