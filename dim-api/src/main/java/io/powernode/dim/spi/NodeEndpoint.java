package io.powernode.dim.spi;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What a node is, wherever it runs. Thread-safe. */
public interface NodeEndpoint {
  /** What the node says of itself. */
  NodeProfile profile();

  /** How busy it is now. */
  NodeLoad load();

  /**
   * Tells the node where model files can be had; called once when it joins an orchestrator, before
   * the first task.
   */
  default void attach(BlobSource models) {}

  /**
   * Runs a task, or answers what is kept under its identity. Never throws and never completes
   * exceptionally: a refusal is a {@link TaskResult.Failure}. What waits for its turn under a lower
   * epoch than the node has seen for the job since does not begin, unless it was asked for again.
   *
   * @param deadline how long the orchestrator will wait, from now; above 0
   */
  CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline);

  /**
   * Stops the task if it is waiting or running; its answer will not be used. Nothing happens if the
   * epoch is lower than the node has seen for the job: then another owner waits for the answer.
   */
  void cancel(TaskId task, long epoch);

  /** The task's answer is durable: the node may forget it. */
  void acknowledge(TaskId task);

  /**
   * The job has ended: the node may forget the rows that its tasks left there. A node that is not
   * told so forgets them after a time.
   */
  default void release(String jobId) {}
}
