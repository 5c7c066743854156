package io.powernode.dim.inference;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A loaded TorchScript model. Thread-safe. */
final class TorchModel implements Model {
  private final String id;
  private final TorchManifest manifest;
  private final TorchModule module;
  private final long fileBytes;
  private final RunGate gate = new RunGate();

  TorchModel(String id, TorchManifest manifest, TorchModule module, long fileBytes) {
    this.id = id;
    this.manifest = manifest;
    this.module = module;
    this.fileBytes = fileBytes;
  }

  @Override
  public Signature signature() {
    return manifest.signature();
  }

  /** A run that is on its way cannot be stopped: it ends, and its answer is dropped. */
  @Override
  public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
    try {
      requireWanted(cancellation);
      Map<String, Tensor> answer = run(InputCheck.require(manifest.signature(), inputs));
      requireWanted(cancellation);
      return answer;
    } catch (DimException e) {
      throw new DimException(e.info().about("model", id), e);
    } catch (RuntimeException e) {
      // DJL's and PyTorch's own, whose message may quote the data: only the operator is told.
      ErrorInfo error =
          ErrorInfo.of(
              ErrorCode.INFERENCE_FAILED,
              "the model failed in PyTorch; the error's cause says more");
      throw new DimException(error.about("model", id), e);
    }
  }

  private Map<String, Tensor> run(List<Tensor> inputs) {
    gate.enter();
    try {
      return module.use((block, manager) -> run(block, manager, inputs));
    } finally {
      gate.leave();
    }
  }

  private Map<String, Tensor> run(PtSymbolBlock block, PtNDManager manager, List<Tensor> inputs) {
    // A thread's own setting: the optimiser would make its first runs slow, and the next ones round
    // differently.
    JniUtils.setGraphExecutorOptimize(false);
    List<IValue> values = new ArrayList<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        values.add(TorchTensors.in(inputs.get(i), manifest.arguments().get(i), manager));
      }
      IValue answer = block.forward(values.toArray(IValue[]::new));
      values.add(answer);
      if (manifest.isTuple()) {
        List<IValue> parts = List.of(answer.toIValueTuple());
        values.addAll(parts);
        return outputs(parts, manager);
      }
      return outputs(List.of(answer), manager);
    } finally {
      values.forEach(IValue::close);
    }
  }

  private Map<String, Tensor> outputs(List<IValue> parts, PtNDManager manager) {
    List<TensorSpec> specs = manifest.signature().outputs();
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      TorchType type = manifest.results().get(i);
      outputs.put(specs.get(i).name(), TorchTensors.out(parts.get(i), type, specs.get(i), manager));
    }
    return outputs;
  }

  private static void requireWanted(Cancellation cancellation) {
    if (cancellation.isCancelled()) {
      throw new DimException(ErrorCode.CANCELLED, "the inference was cancelled");
    }
  }

  /** The file's size: what the weights take at least; the runtime does not tell more. */
  @Override
  public OptionalLong memoryBytes() {
    return OptionalLong.of(fileBytes);
  }

  @Override
  public void close() {
    gate.close(module::close);
  }
}
