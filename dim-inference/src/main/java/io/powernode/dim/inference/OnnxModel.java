package io.powernode.dim.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.util.Map;
import java.util.OptionalLong;

/** A loaded ONNX model. Thread-safe: runs share the session and nothing else. */
final class OnnxModel implements Model {
  private final String id;
  private final OrtEnvironment environment;
  private final OnnxSession session;
  private final CastBridge bridge;
  private final Signature signature;
  private final OnnxResults results;
  private final long weightBytes;
  private final DirectBuffers buffers = new DirectBuffers();

  OnnxModel(
      String id,
      OrtEnvironment environment,
      OnnxSession session,
      CastBridge bridge,
      Signature signature,
      OnnxResults results,
      long weightBytes) {
    this.id = id;
    this.environment = environment;
    this.session = session;
    this.bridge = bridge;
    this.signature = signature;
    this.results = results;
    this.weightBytes = weightBytes;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
    try {
      if (cancellation.isCancelled()) {
        throw cancelled();
      }
      InputCheck.require(signature, inputs);
      return session.use(open -> run(open, inputs, cancellation));
    } catch (OrtException e) {
      throw new DimException(OnnxErrors.ofRun(e).about("model", id), e);
    } catch (DimException e) {
      throw new DimException(e.info().about("model", id), e);
    }
  }

  private Map<String, Tensor> run(
      OrtSession open, Map<String, Tensor> inputs, Cancellation cancellation) throws OrtException {
    try (OnnxFeed feed = new OnnxFeed(environment, buffers, inputs);
        OnnxRun run = new OnnxRun()) {
      Subscription stop = cancellation.onCancel(run::stop);
      try {
        return bridge.run(open, feed.tensors(), run.options(), results);
      } catch (OrtException e) {
        if (run.isStopped()) {
          throw cancelled();
        }
        throw e;
      } finally {
        stop.close();
      }
    }
  }

  /** The file's size: what the weights take at least; the runtime does not tell more. */
  @Override
  public OptionalLong memoryBytes() {
    return OptionalLong.of(weightBytes);
  }

  @Override
  public void close() {
    session.close();
    // No run is on its way any more, and none casts without the session.
    bridge.close();
  }

  private static DimException cancelled() {
    return new DimException(ErrorCode.CANCELLED, "the inference was cancelled");
  }
}
