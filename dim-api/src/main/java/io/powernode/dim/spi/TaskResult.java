package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
   * @param outputs what left the node: the model's or action's outputs, or a reduction's partial;
   *     empty if the rows stay there
   * @param samples how many rows stand behind them; 0 or more
   * @param outputDigest digest of the outputs, see {@link TensorDigest}; of rows that stay there,
   *     one that nobody can tell from who does not have the node's own secret
   * @param durationMs milliseconds at the node
   * @param attempts 1 or more
   * @param rows what the node tells of rows of its own
   */
  record Success(
      String nodeId,
      Map<String, Tensor> outputs,
      long samples,
      Digest outputDigest,
      long durationMs,
      int attempts,
      Optional<NodeRows> rows)
      implements TaskResult {
    public Success {
      outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    @Override
    public TaskResult afterAttempts(int count) {
      return new Success(nodeId, outputs, samples, outputDigest, durationMs, count, rows);
    }

    /** The same answer with what the node tells of its rows. */
    public Success about(NodeRows told) {
      return new Success(
          nodeId, outputs, samples, outputDigest, durationMs, attempts, Optional.of(told));
    }

    /** Under which handle the answer stays on its node. */
    public Optional<String> handle() {
      return rows.flatMap(NodeRows::handle);
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
    return new Success(
        nodeId, outputs, samples, TensorDigest.of(outputs), durationMs, 1, Optional.empty());
  }

  /** A first attempt's answer that stays on its node. */
  static Success kept(
      String nodeId, NodeRows rows, long samples, Digest outputDigest, long durationMs) {
    return new Success(nodeId, Map.of(), samples, outputDigest, durationMs, 1, Optional.of(rows));
  }

  /** A first attempt's failure. */
  static TaskResult failure(String nodeId, ErrorInfo error, long durationMs) {
    return new Failure(nodeId, error, durationMs, 1);
  }
}
