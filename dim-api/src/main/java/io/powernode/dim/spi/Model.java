package io.powernode.dim.spi;

import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import java.util.List;
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

  /**
   * How many rows it pays to run together; 1 where nothing is gained, as for most models. Whoever
   * has several requests waiting may hand up to so many to {@link #inferAll}. More than 1 promises
   * that rows do not depend on their company, and that a run of so many ends within a millisecond.
   */
  default int jointRows() {
    return 1;
  }

  /**
   * Runs the model on several requests, together where that pays. Running some rows together may
   * round differently than running each alone.
   *
   * @param requests each as {@link #infer} takes it
   * @param cancellation stops the run for all of them
   * @return the answers in the order of the requests
   * @throws io.powernode.dim.api.DimException if one of them cannot be answered; running each on
   *     its own tells which
   */
  default List<Map<String, Tensor>> inferAll(
      List<Map<String, Tensor>> requests, Cancellation cancellation) {
    return requests.stream().map(request -> infer(request, cancellation)).toList();
  }

  /** How much memory the model takes, where the runtime can tell. */
  default OptionalLong memoryBytes() {
    return OptionalLong.empty();
  }

  /** Refuses further runs, waits for running ones, and frees the model. */
  @Override
  void close();
}
