package io.powernode.dim.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A run's inputs as the runtime takes them. A tensor in direct, aligned memory is handed over as it
 * is; all others are copied into one borrowed buffer. Close it when the run is over, not before.
 */
final class OnnxFeed implements AutoCloseable {
  /** Between inputs in the borrowed buffer: no two share a cache line, and vector loads align. */
  private static final int ALIGNMENT = 64;

  private final OrtEnvironment environment;
  private final DirectBuffers buffers;
  private final Map<String, OnnxTensor> tensors;
  private final ByteBuffer copies;

  /** Takes over {@code inputs}, which must have passed {@link InputCheck}. */
  OnnxFeed(OrtEnvironment environment, DirectBuffers buffers, Map<String, Tensor> inputs)
      throws OrtException {
    this.environment = environment;
    this.buffers = buffers;
    this.tensors = new HashMap<>(inputs.size() * 2);
    this.copies = buffers.borrow(copiedBytes(inputs));
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        tensors.put(input.getKey(), convert(input.getKey(), input.getValue()));
      }
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  private OnnxTensor convert(String name, Tensor tensor) throws OrtException {
    if (tensor.dataType() == DataType.BYTES) {
      String[] texts = new OnnxTexts().plain(name, tensor.byteStrings());
      return OnnxTensor.createTensor(environment, texts, tensor.shape());
    }
    OnnxJavaType type = ElementType.javaType(tensor.dataType());
    ByteBuffer data = tensor.data();
    return OnnxTensor.createTensor(
        environment, isUsable(tensor, data) ? data : copy(data), tensor.shape(), type);
  }

  private ByteBuffer copy(ByteBuffer data) {
    int length = data.remaining();
    ByteBuffer copy = copies.slice(copies.position(), length);
    copy.put(data).flip();
    copies.position((int) Math.min(copies.position() + padded(length), copies.capacity()));
    return copy;
  }

  private static int copiedBytes(Map<String, Tensor> inputs) {
    long bytes = 0;
    for (Tensor tensor : inputs.values()) {
      if (tensor.dataType() != DataType.BYTES && !isUsable(tensor, tensor.data())) {
        bytes += padded(tensor.byteSize());
      }
    }
    if (bytes > Integer.MAX_VALUE - ALIGNMENT) {
      throw Refusals.data("inputs: take " + bytes + " bytes; allowed: less than 2 GiB in all");
    }
    return (int) bytes;
  }

  private static boolean isUsable(Tensor tensor, ByteBuffer data) {
    return data.isDirect() && data.alignmentOffset(0, tensor.dataType().size()) == 0;
  }

  private static long padded(long length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    buffers.giveBack(copies);
  }
}
