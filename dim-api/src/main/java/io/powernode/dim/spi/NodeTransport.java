package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Carries tasks to nodes. Thread-safe. */
public interface NodeTransport extends AutoCloseable {
  /**
   * Hears which nodes there are: those already there first, then changes. Nodes fetch model files
   * from {@code models}.
   */
  Subscription connect(NodeListener listener, BlobSource models);

  /**
   * Runs a task on a node. Never completes exceptionally: an unreachable node is a {@link
   * TaskResult.Failure} with {@link io.powernode.dim.api.ErrorCode#NODE_LOST}.
   *
   * @param deadline how long the caller will wait, from now; above 0
   */
  CompletionStage<TaskResult> call(String nodeId, TaskEnvelope task, Duration deadline);

  /** See {@link NodeEndpoint#cancel}; nothing happens if the node is not there. */
  void cancel(String nodeId, TaskId task, long epoch);

  /** See {@link NodeEndpoint#acknowledge}; nothing happens if the node is not there. */
  void acknowledge(String nodeId, TaskId task);

  /** See {@link NodeEndpoint#release}; nothing happens if the node is not there. */
  void release(String nodeId, String jobId);

  @Override
  void close();
}
