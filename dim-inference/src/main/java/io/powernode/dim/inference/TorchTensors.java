package io.powernode.dim.inference;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Tensors and single values on their way into PyTorch and out of it, always as copies. */
final class TorchTensors {
  private static final Map<DataType, ai.djl.ndarray.types.DataType> TYPES =
      new EnumMap<>(
          Map.of(
              DataType.BOOL, ai.djl.ndarray.types.DataType.BOOLEAN,
              DataType.UINT8, ai.djl.ndarray.types.DataType.UINT8,
              DataType.INT8, ai.djl.ndarray.types.DataType.INT8,
              DataType.INT32, ai.djl.ndarray.types.DataType.INT32,
              DataType.INT64, ai.djl.ndarray.types.DataType.INT64,
              DataType.FP16, ai.djl.ndarray.types.DataType.FLOAT16,
              DataType.FP32, ai.djl.ndarray.types.DataType.FLOAT32,
              DataType.FP64, ai.djl.ndarray.types.DataType.FLOAT64));

  private TorchTensors() {}

  /** The argument that stands for a tensor; close it when the run is over. */
  static IValue in(Tensor tensor, TorchType type, PtNDManager manager) {
    return switch (type) {
      case TENSOR -> IValue.from(array(tensor, manager));
      case INT -> IValue.from(tensor.longs().get(0));
      case FLOAT -> IValue.from(tensor.doubles().get(0));
      case BOOL -> IValue.from(tensor.data().get(0) != 0);
    };
  }

  /** A copy, since a model may write to its arguments. */
  private static PtNDArray array(Tensor tensor, PtNDManager manager) {
    ByteBuffer copy = ByteBuffer.allocateDirect(tensor.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(tensor.data()).flip();
    return manager.create(copy, new Shape(tensor.shape()), TYPES.get(tensor.dataType()));
  }

  /**
   * The tensor of a result.
   *
   * @throws io.powernode.dim.api.DimException with INFERENCE_FAILED if it is not what the
   *     descriptor says
   */
  static Tensor out(IValue value, TorchType type, TensorSpec spec, PtNDManager manager) {
    return switch (type) {
      case TENSOR -> tensor(value, spec, manager);
      case INT -> Tensor.scalar(value.toLong());
      case FLOAT -> Tensor.scalar(value.toDouble());
      case BOOL -> Tensor.ofBooleans(new boolean[] {value.toBoolean()}).reshape();
    };
  }

  private static Tensor tensor(IValue value, TensorSpec spec, PtNDManager manager) {
    if (!value.isTensor()) {
      throw Refusals.output(spec, "is no tensor");
    }
    PtNDArray array = value.toTensor(manager);
    if (array.isSparse()) {
      throw Refusals.output(spec, "is a sparse tensor; allowed: dense ones");
    }
    long[] shape = array.getShape().getShape();
    if (array.getDataType() != TYPES.get(spec.datatype())) {
      throw Refusals.output(
          spec, "is " + array.getDataType() + "; allowed: " + InputCheck.describe(spec));
    }
    if (array.size() > Integer.MAX_VALUE / spec.datatype().size()) {
      throw Refusals.output(
          spec, "has shape " + Arrays.toString(shape) + "; allowed: less than 2 GiB");
    }
    Tensor tensor = Tensor.wrap(spec.datatype(), shape, array.toByteBuffer(false));
    if (!spec.accepts(tensor)) {
      throw Refusals.output(spec, "is " + tensor + "; allowed: " + InputCheck.describe(spec));
    }
    return tensor;
  }
}
