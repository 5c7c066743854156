package io.powernode.dim.core;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.NodeProgress.Status;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each node did for one job, and what it cost. Thread-safe. */
final class NodeLedger {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLedger.class);

  private final CostModel costModel;
  private final Object lock = new Object();
  private final Map<String, NodeProgress> nodes = new TreeMap<>();
  private final Set<String> used = new TreeSet<>();
  private final Set<String> keeping = new TreeSet<>();
  private long cost;

  NodeLedger(CostModel costModel) {
    this.costModel = costModel;
  }

  /** Starts again from what a journal has. */
  void restore(List<Fact.Answer> answers) {
    synchronized (lock) {
      nodes.clear();
      used.clear();
      cost = 0;
    }
    answers.forEach(answer -> ended(answer.result()));
  }

  void sent(String nodeId) {
    put(nodeId, Status.RUNNING, 0, Optional.empty());
  }

  /** A task was sent whose rows are to stay there, whatever will be heard of it. */
  void keeps(String nodeId) {
    synchronized (lock) {
      keeping.add(nodeId);
    }
  }

  /** A task ended for good. */
  void ended(TaskResult result) {
    long charge = charge(result);
    synchronized (lock) {
      cost += charge;
      if (result instanceof TaskResult.Success success) {
        used.add(result.nodeId());
        success.handle().ifPresent(rows -> keeping.add(result.nodeId()));
      }
    }
    if (result instanceof TaskResult.Failure failure) {
      put(result.nodeId(), Status.FAILED, result.durationMs(), Optional.of(failure.error()));
    } else {
      put(result.nodeId(), Status.DONE, result.durationMs(), Optional.empty());
    }
  }

  /** A node answered, or did not, when nobody waited any more. */
  void late(String nodeId) {
    put(nodeId, Status.LATE, 0, Optional.empty());
  }

  long cost() {
    synchronized (lock) {
      return cost;
    }
  }

  List<NodeProgress> nodes() {
    synchronized (lock) {
      return new ArrayList<>(nodes.values());
    }
  }

  /** The nodes with at least one answer that went well, sorted. */
  List<String> used() {
    synchronized (lock) {
      return List.copyOf(used);
    }
  }

  /** The nodes that may keep rows of the job, as far as is known here; sorted. */
  List<String> keeping() {
    synchronized (lock) {
      return List.copyOf(keeping);
    }
  }

  /** The host's own code, which must not break a job. */
  private long charge(TaskResult result) {
    try {
      return costModel.charge(result);
    } catch (RuntimeException e) {
      LOG.warn("the cost model failed; the task is not charged", e);
      return 0;
    }
  }

  private void put(String nodeId, Status status, long executionTime, Optional<ErrorInfo> error) {
    if (nodeId.isEmpty()) {
      return;
    }
    synchronized (lock) {
      nodes.put(nodeId, new NodeProgress(nodeId, status, executionTime, error));
    }
  }
}
