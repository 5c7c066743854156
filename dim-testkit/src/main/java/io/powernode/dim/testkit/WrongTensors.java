package io.powernode.dim.testkit;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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

  static Tensor zeros(DataType type, long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    return Tensor.wrap(type, shape, ByteBuffer.allocate((int) elements * bytesOfZero(type)));
  }

  /** Inputs that a model must refuse, by what is wrong with the input of {@code spec}. */
  static Map<String, Map<String, Tensor>> badInputs(TensorSpec spec, Map<String, Tensor> inputs) {
    String name = spec.name();
    Tensor good = TensorAssertions.get(inputs, name);
    DataType otherType = good.dataType() == DataType.INT32 ? DataType.INT64 : DataType.INT32;
    long[] deeper = Arrays.copyOf(good.shape(), good.rank() + 1);
    deeper[good.rank()] = 1;
    Map<String, Map<String, Tensor>> bad = new LinkedHashMap<>();
    bad.put("extra", with(inputs, "no-such-input", good));
    bad.put("type", with(inputs, name, zeros(otherType, good.shape())));
    bad.put("rank", with(inputs, name, good.reshape(deeper)));
    for (int axis = 0; axis < good.rank(); axis++) {
      if (spec.shape().get(axis) >= 0) {
        long[] longer = good.shape();
        longer[axis]++;
        bad.put("axis " + axis, with(inputs, name, zeros(good.dataType(), longer)));
      }
    }
    Map<String, Tensor> missing = new LinkedHashMap<>(inputs);
    missing.remove(name);
    bad.put("missing", missing);
    return bad;
  }

  private static Map<String, Tensor> with(Map<String, Tensor> inputs, String name, Tensor tensor) {
    Map<String, Tensor> changed = new LinkedHashMap<>(inputs);
    changed.put(name, tensor);
    return changed;
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

  /** So many zero bytes are an element: for BYTES, an empty string. */
  private static int bytesOfZero(DataType type) {
    return type == DataType.BYTES ? Integer.BYTES : type.size();
  }

  private static ByteBuffer copy(Tensor tensor, int extra) {
    ByteBuffer bytes = ByteBuffer.allocate(tensor.byteSize() + extra);
    return bytes.put(tensor.data()).rewind().order(ByteOrder.LITTLE_ENDIAN);
  }
}
