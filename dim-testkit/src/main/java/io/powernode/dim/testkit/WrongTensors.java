package io.powernode.dim.testkit;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Answers as a faulty or lying node would give them. */
final class WrongTensors {
  private WrongTensors() {}

  static Map<String, Tensor> withNaN(Map<String, Tensor> tensors) {
    return each(tensors, WrongTensors::withNaN);
  }

  static Map<String, Tensor> misshapen(Map<String, Tensor> tensors) {
    return each(tensors, WrongTensors::misshapen);
  }

  private static Map<String, Tensor> each(
      Map<String, Tensor> tensors, UnaryOperator<Tensor> change) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
    return changed;
  }

  private static Tensor withNaN(Tensor tensor) {
    if (!tensor.dataType().isFloating() || tensor.elements() == 0) {
      return tensor;
    }
    ByteBuffer bytes = copy(tensor, 0);
    switch (tensor.dataType()) {
      case FP64 -> bytes.putDouble(0, Double.NaN);
      case FP32 -> bytes.putFloat(0, Float.NaN);
      case FP16 -> bytes.putShort(0, (short) 0x7e00);
      default -> bytes.putShort(0, (short) 0x7fc0);
    }
    return Tensor.wrap(tensor.dataType(), tensor.shape(), bytes);
  }

  private static Tensor misshapen(Tensor tensor) {
    int extra = tensor.dataType() == DataType.BYTES ? Integer.BYTES : tensor.dataType().size();
    return Tensor.wrap(tensor.dataType(), new long[] {tensor.elements() + 1L}, copy(tensor, extra));
  }

  /** Zero bytes are one more element of every type: for BYTES, an empty string. */
  private static ByteBuffer copy(Tensor tensor, int extra) {
    ByteBuffer bytes = ByteBuffer.allocate(tensor.byteSize() + extra);
    return bytes.put(tensor.data()).rewind().order(ByteOrder.LITTLE_ENDIAN);
  }
}
