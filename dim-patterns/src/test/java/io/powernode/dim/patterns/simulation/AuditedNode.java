package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.JournalAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Writes down what passes to and from a node, and what should not have. */
final class AuditedNode implements NodeEndpoint {
  private final FakeNode node;
  private final JournalAudit audit;
  private final History history;
  private final Set<String> acknowledged = new HashSet<>();
  private final List<String> faults = new ArrayList<>();

  AuditedNode(FakeNode node, JournalAudit audit, History history) {
    this.node = node;
    this.audit = audit;
    this.history = history;
  }

  FakeNode node() {
    return node;
  }

  /** What no orchestrator may do. */
  List<String> faults() {
    return faults;
  }

  @Override
  public NodeProfile profile() {
    return node.profile();
  }

  @Override
  public NodeLoad load() {
    return node.load();
  }

  @Override
  public void attach(BlobSource models) {
    node.attach(models);
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    String step = task.id().jobId() + "/" + task.id().step();
    history.add(name() + " gets " + step + " attempt " + task.id().attempt());
    audit.sending(task.id(), task.effect());
    if (acknowledged.contains(step)) {
      faults.add(step + " was sent again after its answer was durable");
    }
    if (deadline.isZero() || deadline.isNegative()) {
      faults.add(step + " was sent without time");
    }
    return node.execute(task, deadline);
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    history.add(name() + " is told to cancel " + task.jobId() + "/" + task.step());
    node.cancel(task, epoch);
  }

  @Override
  public void acknowledge(TaskId task) {
    history.add(name() + " may forget " + task.jobId() + "/" + task.step());
    acknowledged.add(task.jobId() + "/" + task.step());
    node.acknowledge(task);
  }

  @Override
  public void release(String jobId) {
    node.release(jobId);
  }

  private String name() {
    return node.profile().nodeId();
  }
}
