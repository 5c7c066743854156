package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeSelector.Selection;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.Task.Placement;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it takes to bring tasks to nodes. Thread-safe. */
record Dispatcher(
    Environment environment,
    NodeTransport transport,
    NodeRegistry nodes,
    NodeSelector selector,
    RetryPolicy retries) {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** Failures that count against the node, not against the job, its data or its model's file. */
  private static final Set<ErrorCode> FAULTS_OF_NODES =
      EnumSet.of(
          ErrorCode.NODE_LOST,
          ErrorCode.TASK_TIMEOUT,
          ErrorCode.INFERENCE_FAILED,
          ErrorCode.INTERNAL);

  /**
   * Chooses nodes.
   *
   * @throws io.powernode.dim.api.DimException saying which filter removed how many
   */
  Selection choose(NodeRequirements requirements, Set<String> exclude) {
    Selection selection = select(requirements, exclude);
    if (selection.chosen().size() < requirements.count().atLeast()) {
      throw WeightedNodeSelector.refusal(requirements, selection);
    }
    return selection;
  }

  /** A selector may be the host's own code, which must not leave a task without an end. */
  private Selection select(NodeRequirements requirements, Set<String> exclude) {
    try {
      return selector.select(requirements, nodes, exclude, environment.random());
    } catch (DimException refusal) {
      throw refusal;
    } catch (RuntimeException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.INTERNAL, "the node selector threw " + e.getClass().getName()), e);
    }
  }

  /**
   * A node for a task: where it is bound to, else one that fits and where it has not failed yet,
   * else one that fits.
   */
  String nodeFor(PreparedTask task, Set<String> failed) {
    if (task.task().placement() instanceof Placement.OnNode pinned) {
      return pinned.nodeId();
    }
    NodeRequirements needed =
        ((Placement.Anywhere) task.task().placement()).requirements().count(1, 1);
    if (task.work() instanceof TaskEnvelope.Work.Action action) {
      needed = needed.forAction(action.name());
    } else if (task.work() instanceof TaskEnvelope.Work.Model model && needed.model().isEmpty()) {
      needed = needed.forModel(model.descriptor().id(), model.descriptor().artifact().format());
    }
    try {
      return choose(needed, failed).chosen().get(0).nodeId();
    } catch (DimException refusal) {
      if (failed.isEmpty()) {
        throw refusal;
      }
      return choose(needed, Set.of()).chosen().get(0).nodeId();
    }
  }

  /** Sends a task; whatever a transport does, there is an answer, and it is of that node. */
  CompletableFuture<TaskResult> send(String node, TaskEnvelope task, Duration wait) {
    try {
      return transport
          .call(node, task, wait)
          .toCompletableFuture()
          .handle(
              (result, thrown) ->
                  result == null || thrown != null
                      ? broken(node, task)
                      : checked(node, task, result));
    } catch (RuntimeException e) {
      LOG.warn("the transport failed on a task of job {}", task.id().jobId(), e);
      return CompletableFuture.completedFuture(broken(node, task));
    }
  }

  /** A node that answers for another would be credited with, or blamed for, what it did not do. */
  private static TaskResult checked(String node, TaskEnvelope task, TaskResult result) {
    boolean reachedNone = result instanceof TaskResult.Failure && result.nodeId().isEmpty();
    return !reachedNone && !result.nodeId().equals(node)
        ? failure(node, task, "the node answered for another node")
        : result;
  }

  private static TaskResult broken(String node, TaskEnvelope task) {
    return failure(node, task, "the transport failed");
  }

  private static TaskResult failure(String node, TaskEnvelope task, String problem) {
    ErrorInfo error =
        ErrorInfo.of(ErrorCode.INTERNAL, problem)
            .about("task", task.id().step())
            .about("node", node);
    return TaskResult.failure(node, error, 0);
  }

  /** Lets the reputation of a node follow how an attempt there ended. */
  void observe(TaskResult result) {
    if (result instanceof TaskResult.Success) {
      nodes.observe(result.nodeId(), true);
    } else if (result instanceof TaskResult.Failure failure
        && FAULTS_OF_NODES.contains(failure.error().code())) {
      nodes.observe(result.nodeId(), false);
    }
  }

  /** Tells a node that nobody waits for a task any more. */
  void cancel(String node, PreparedTask task, int attempt) {
    tell(() -> transport.cancel(node, task.id(attempt), task.owner().epoch()));
  }

  /** Tells a node that its answer is durable. */
  void acknowledge(String node, TaskId task) {
    tell(() -> transport.acknowledge(node, task));
  }

  /**
   * Tells the nodes that may keep rows of a job that it has ended. What an earlier owner sent may
   * be in no journal, and in no memory any more: of a job that had one, every node with data is
   * told.
   */
  void releaseRows(JobRun run) {
    Set<String> keeping = new TreeSet<>(run.ledger().keeping());
    if (run.record().life().term() > 1) {
      nodes.all().stream()
          .filter(node -> !node.profile().dataSets().isEmpty())
          .forEach(node -> keeping.add(node.nodeId()));
    }
    keeping.forEach(node -> tell(() -> transport.release(node, run.jobId())));
  }

  private static void tell(Runnable message) {
    try {
      message.run();
    } catch (RuntimeException e) {
      LOG.warn("the transport failed on a message to a node", e);
    }
  }
}
