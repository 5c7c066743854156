package io.powernode.dim.spi;

import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import java.util.Map;
import java.util.OptionalLong;

/** A loaded model. Thread-safe: many callers may infer at once. */
public interface Model extends AutoCloseable {
  /** Inputs and outputs as the file has them. */
  Signature signature();

  /**
   * Runs the model.
   *
   * @param inputs exactly the signature's inputs, by name; validated before any native call
   * @param cancellation stops the run as soon as the runtime can
   * @return the signature's outputs by name, in its order
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} naming the input, {@link
   *     io.powernode.dim.api.ErrorCode#INFERENCE_FAILED} or {@link
   *     io.powernode.dim.api.ErrorCode#CANCELLED}
   */
  Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation);

  /** How much memory the model takes, where the runtime can tell. */
  default OptionalLong memoryBytes() {
    return OptionalLong.empty();
  }

  /** Refuses further runs, waits for running ones, and frees the model. */
  @Override
  void close();
}
