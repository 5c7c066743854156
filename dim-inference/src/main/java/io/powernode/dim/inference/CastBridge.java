package io.powernode.dim.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.inference.CastSession.Cast;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs a model between two casts: of the inputs on the way in, of the outputs on the way out, of
 * those whose element type ONNX Runtime's Java interface cannot carry. A model that has none runs
 * alone. Thread-safe; close it when no run is on its way any more.
 */
final class CastBridge implements AutoCloseable {
  private final CastSession inputs;
  private final CastSession outputs;

  private CastBridge(CastSession inputs, CastSession outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** The bridge for the model in {@code file}. */
  static CastBridge of(OrtEnvironment environment, OnnxFile file) {
    CastSession inputs = CastSession.ofInputs(environment, file.inputs());
    try {
      return new CastBridge(inputs, CastSession.ofOutputs(environment, file.outputs()));
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  Map<String, Tensor> run(
      OrtSession model, Map<String, OnnxTensor> feed, RunOptions options, OnnxResults results)
      throws OrtException {
    try (Cast in = inputs.cast(feed::get, options);
        OrtSession.Result answer = model.run(merge(feed, in), options);
        Cast out = outputs.cast(name -> value(answer, name), options)) {
      return results.copy(
          name -> {
            OnnxTensor cast = out.tensors().get(name);
            return cast == null ? value(answer, name) : cast;
          });
    }
  }

  private static Map<String, OnnxTensor> merge(Map<String, OnnxTensor> feed, Cast cast) {
    if (cast.tensors().isEmpty()) {
      return feed;
    }
    Map<String, OnnxTensor> merged = new HashMap<>(feed);
    merged.putAll(cast.tensors());
    return merged;
  }

  private static OnnxValue value(OrtSession.Result answer, String name) {
    return answer.get(name).orElseThrow(() -> new IllegalStateException("no output " + name));
  }

  @Override
  public void close() {
    inputs.close();
    outputs.close();
  }
}
