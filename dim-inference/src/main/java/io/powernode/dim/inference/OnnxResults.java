package io.powernode.dim.inference;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import ai.onnxruntime.TensorInfo;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Copies a run's answer out of the runtime's memory. Immutable and thread-safe. */
final class OnnxResults {
  private final List<TensorSpec> outputs;
  private final LabelColumns columns;

  OnnxResults(List<TensorSpec> outputs, List<String> labels) {
    this.outputs = outputs;
    this.columns = new LabelColumns(labels);
  }

  /** The outputs by name, in the signature's order. */
  Map<String, Tensor> copy(Function<String, OnnxValue> answer) throws OrtException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(outputs.size() * 2);
    for (TensorSpec output : outputs) {
      tensors.put(output.name(), copy(output, answer.apply(output.name())));
    }
    return tensors;
  }

  private Tensor copy(TensorSpec spec, OnnxValue value) throws OrtException {
    if (value instanceof OnnxTensor tensor) {
      return copy(spec, tensor);
    }
    if (value instanceof OnnxMap map) {
      return columns.table(spec, List.of(map.getValue()));
    }
    if (value instanceof OnnxSequence sequence && sequence.getInfo().isSequenceOfMaps()) {
      return columns.table(spec, rows(sequence));
    }
    throw Refusals.output(spec, "is neither a tensor nor maps from label to number");
  }

  private static Tensor copy(TensorSpec spec, OnnxTensor tensor) throws OrtException {
    TensorInfo info = tensor.getInfo();
    long[] shape = info.getShape();
    if (info.type != ElementType.javaType(spec.datatype())) {
      throw Refusals.output(spec, "is of another type than the file declares");
    }
    if (spec.datatype() == DataType.BYTES) {
      List<String> texts = texts(tensor);
      return Tensor.ofStrings(texts, texts.size()).reshape(shape);
    }
    if (info.getNumElements() > Integer.MAX_VALUE / spec.datatype().size()) {
      throw Refusals.output(
          spec, "has shape " + Arrays.toString(shape) + "; allowed: less than 2 GiB");
    }
    try {
      return Tensor.wrap(spec.datatype(), shape, tensor.getByteBuffer());
    } catch (IllegalArgumentException e) {
      throw Refusals.output(spec, "is damaged: " + e.getMessage());
    } catch (OutOfMemoryError e) {
      // One array that was too large harms nobody else.
      throw Refusals.output(
          spec, "has shape " + Arrays.toString(shape) + "; the heap has no room for it");
    }
  }

  private static List<String> texts(OnnxTensor tensor) throws OrtException {
    Object value = tensor.getValue();
    return value instanceof String text ? List.of(text) : List.of(OrtUtil.flattenString(value));
  }

  /** Every map of the sequence is native memory of its own. */
  private static List<Map<?, ?>> rows(OnnxSequence sequence) throws OrtException {
    List<? extends OnnxValue> maps = sequence.getValue();
    try {
      List<Map<?, ?>> rows = new ArrayList<>(maps.size());
      for (OnnxValue map : maps) {
        rows.add(((OnnxMap) map).getValue());
      }
      return rows;
    } finally {
      maps.forEach(OnnxValue::close);
    }
  }
}
