package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What became of a task. Failure is data: the engine decides what it means for the job. */
public sealed interface TaskResult {
  /** The node that ran it; empty if it never reached one. */
  String nodeId();

  /** How long the last attempt took, milliseconds. */
  long durationMs();

  /** How many attempts were made; 1 for a task that went well at once. */
  int attempts();

  /** The same result after so many attempts. */
  TaskResult afterAttempts(int count);

  /**
   * The node answered.
   *
   * @param nodeId the node
   * @param outputs what left the node: the model's or action's outputs, or a reduction's partial
   * @param samples how many rows stand behind them; 0 or more
   * @param outputDigest digest of the outputs, see {@link TensorDigest}
   * @param durationMs milliseconds at the node
   * @param attempts 1 or more
   */
  record Success(
      String nodeId,
      Map<String, Tensor> outputs,
      long samples,
      Digest outputDigest,
      long durationMs,
      int attempts)
      implements TaskResult {
    public Success {
      outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    @Override
    public TaskResult afterAttempts(int count) {
      return new Success(nodeId, outputs, samples, outputDigest, durationMs, count);
    }
  }

  /**
   * The node refused or failed, or could not be reached.
   *
   * @param nodeId the node; empty if none was reached
   * @param error why
   * @param durationMs milliseconds until the failure
   * @param attempts 1 or more
   */
  record Failure(String nodeId, ErrorInfo error, long durationMs, int attempts)
      implements TaskResult {
    @Override
    public TaskResult afterAttempts(int count) {
      return new Failure(nodeId, error, durationMs, count);
    }
  }

  /** A first attempt's answer. */
  static TaskResult success(
      String nodeId, Map<String, Tensor> outputs, long samples, long durationMs) {
    return new Success(nodeId, outputs, samples, TensorDigest.of(outputs), durationMs, 1);
  }

  /** A first attempt's failure. */
  static TaskResult failure(String nodeId, ErrorInfo error, long durationMs) {
    return new Failure(nodeId, error, durationMs, 1);
  }
}
