package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.testkit.ForwardingNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A node that reports every task before it acts and after. The auditor remembers for it, across the
 * deaths of its process and for the nodes of the same name in others, the highest epoch of each
 * job, as one node on the network would.
 */
final class ReportingNode extends ForwardingNode {
  private final String nodeId;
  private final Reports reports;

  ReportingNode(NodeEndpoint node, Reports reports) {
    super(node);
    this.nodeId = node.profile().nodeId();
    this.reports = reports;
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    TaskId id = task.id();
    String verdict =
        reports
            .ask(
                Auditor.BEGIN,
                id.jobId(),
                id.step(),
                Integer.toString(id.attempt()),
                id.inputDigest().value(),
                nodeId,
                Long.toString(task.epoch()),
                task.effect().name())
            .get(0);
    if (verdict.equals(Auditor.FENCED)) {
      ErrorInfo fenced = ErrorInfo.of(ErrorCode.FENCED, "an older epoch than seen");
      return CompletableFuture.completedFuture(TaskResult.failure(nodeId, fenced, 0));
    }
    return super.execute(task, deadline)
        .thenApply(
            result -> {
              tell(Auditor.END, id, result instanceof TaskResult.Success ? "success" : "failure");
              return result;
            });
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    tell(Auditor.CANCEL, task, "epoch " + epoch);
    super.cancel(task, epoch);
  }

  @Override
  public void acknowledge(TaskId task) {
    tell(Auditor.ACKNOWLEDGE, task, "");
    super.acknowledge(task);
  }

  private void tell(String what, TaskId id, String more) {
    reports.tell(what, id.jobId(), id.step(), Integer.toString(id.attempt()), nodeId, more);
  }
}
