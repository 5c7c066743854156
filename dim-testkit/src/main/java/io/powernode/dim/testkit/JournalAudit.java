package io.powernode.dim.testkit;

import io.powernode.dim.api.JobState;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Checks what DIM promises of jobs and their journals: a job that ended is never written again, no
 * step whose answer is durable is ever sent again, and no effectful step is ever sent without a
 * durable intent. Stands between orchestrators, their store and their nodes, or is told of what
 * passes there. Knows the core's names of entries and indexes. Thread-safe.
 */
public final class JournalAudit {
  private final Object lock = new Object();
  private final Set<String> durable = new HashSet<>();
  private final Set<String> sent = new HashSet<>();
  private final Map<String, JobState> ended = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  /** An audit that has seen nothing. */
  public JournalAudit() {}

  /** The same store, watched. */
  public StateStore watch(StateStore store) {
    return new AuditedStore(store);
  }

  /** The same node, watched. */
  public NodeEndpoint watch(NodeEndpoint node) {
    return new AuditedNode(node);
  }

  /** Broken promises, one sentence each. */
  public List<String> violations() {
    synchronized (lock) {
      return List.copyOf(violations);
    }
  }

  /** How many different steps were sent, and their answers recorded: 0 means a blind audit. */
  public long stepsRecorded() {
    synchronized (lock) {
      return sent.stream().filter(durable::contains).count();
    }
  }

  /** An entry of the store is durable, of a journal or not. */
  public void durable(String key) {
    if (key.startsWith("journal/")) {
      synchronized (lock) {
        durable.add(key);
      }
    }
  }

  /** A job's record is durable, in that state. */
  public void durable(String jobId, JobState state) {
    synchronized (lock) {
      JobState earlier = ended.get(jobId);
      if (earlier != null) {
        violations.add("job " + jobId + " was " + earlier + " and was written as " + state);
      } else if (state.isTerminal()) {
        ended.put(jobId, state);
      }
    }
  }

  /** The jobs that ended so far, by id. */
  public Map<String, JobState> ended() {
    synchronized (lock) {
      return Map.copyOf(ended);
    }
  }

  private void durable(Write.Put put) {
    durable(put.key());
    String state = put.indexes().get("jobs.state");
    if (state != null) {
      String name = state.substring(0, state.indexOf('/')).toUpperCase(Locale.ROOT);
      durable(put.key().substring("job/".length()), JobState.valueOf(name));
    }
  }

  /** A task is about to be sent. */
  public void sending(TaskId id, Effect effect) {
    String entry = "journal/" + id.jobId() + "/";
    synchronized (lock) {
      sent.add(entry + "fact:" + id.step());
      if (durable.contains(entry + "fact:" + id.step())) {
        violations.add(name(id) + " was sent again though its answer is durable");
      }
      if (effect == Effect.EFFECTFUL && !durable.contains(entry + "intent:" + id.step())) {
        violations.add("effectful " + name(id) + " was sent without a durable intent");
      }
    }
  }

  private static String name(TaskId id) {
    return "step " + id.step() + " of job " + id.jobId();
  }

  private final class AuditedStore extends ForwardingStore {
    AuditedStore(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      return super.commit(commit)
          .thenApply(
              result -> {
                if (result instanceof CommitResult.Committed) {
                  commit.writes().stream()
                      .filter(Write.Put.class::isInstance)
                      .map(Write.Put.class::cast)
                      .forEach(JournalAudit.this::durable);
                }
                return result;
              });
    }
  }

  private final class AuditedNode extends ForwardingNode {
    AuditedNode(NodeEndpoint node) {
      super(node);
    }

    @Override
    public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      sending(task.id(), task.effect());
      return super.execute(task, deadline);
    }
  }
}
