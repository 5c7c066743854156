package io.powernode.dim.testkit;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A node without models that does as it is told by {@link #on} and records what it is asked. Like
 * any node it keeps a finished answer until it is acknowledged, refuses an epoch lower than it has
 * seen for the job, does an effect once for each idempotency key, and none that it has undone. Of a
 * task whose rows are to stay it tells the handle and the form. A task for which nothing is
 * scripted fails for good, and so does one whose script throws a {@link DimException}, unless that
 * says otherwise.
 *
 * <p>Thread-safe; answers come on the environment's threads.
 */
public final class FakeNode implements NodeEndpoint {
  private final NodeProfile profile;
  private final Environment environment;
  private final Object lock = new Object();
  private final FakeScript script = new FakeScript();
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<TaskId, CompletableFuture<TaskResult>> running = new HashMap<>();
  private final Map<TaskId, TaskResult> kept = new LinkedHashMap<>();
  private final Map<String, Map<String, Tensor>> effects = new LinkedHashMap<>();
  private final Map<String, Integer> effectCounts = new LinkedHashMap<>();
  private final Set<String> undone = new HashSet<>();
  private final FakeNodeLog log = new FakeNodeLog();
  private NodeLoad load = NodeLoad.idle();
  private Optional<BlobSource> models = Optional.empty();
  private boolean vanished;

  /**
   * A node.
   *
   * @param profile what it says of itself
   * @param environment whose time and threads it uses
   */
  public FakeNode(NodeProfile profile, Environment environment) {
    this.profile = profile;
    this.environment = environment;
  }

  /**
   * Scripts what the node does with tasks of a step, or else of a model or action.
   *
   * @param stepOrWork the full step name, model id, action name or condition
   * @param replies for one call after the other; the last one goes on for ever
   */
  public FakeNode on(String stepOrWork, Reply... replies) {
    synchronized (lock) {
      script.add(stepOrWork, List.of(replies));
    }
    return this;
  }

  /** Sets how busy the node says it is. */
  public void load(NodeLoad newLoad) {
    synchronized (lock) {
      load = newLoad;
    }
  }

  /** Nothing that runs or is sent from now on is answered. */
  public void vanish() {
    synchronized (lock) {
      vanished = true;
      running.clear();
    }
  }

  /** Answers again; what ran when it vanished is lost, what was kept is not. */
  public void comeBack() {
    synchronized (lock) {
      vanished = false;
    }
  }

  /** What the node was asked so far. */
  public FakeNodeLog log() {
    return log;
  }

  /** The tasks whose answers are kept, in the order of finishing. */
  public List<TaskId> kept() {
    synchronized (lock) {
      return List.copyOf(kept.keySet());
    }
  }

  /**
   * How often the node came to the end of each effect, by idempotency key: the effect took place
   * the first time, later ones got the first answer again.
   */
  public Map<String, Integer> effects() {
    synchronized (lock) {
      return Map.copyOf(effectCounts);
    }
  }

  /** Where models can be had, once the node has joined. */
  public Optional<BlobSource> models() {
    synchronized (lock) {
      return models;
    }
  }

  @Override
  public NodeProfile profile() {
    return profile;
  }

  @Override
  public NodeLoad load() {
    synchronized (lock) {
      return load;
    }
  }

  @Override
  public void attach(BlobSource source) {
    synchronized (lock) {
      models = Optional.of(source);
    }
  }

  @Override
  public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
    log.called(task, deadline);
    CompletableFuture<TaskResult> answer;
    Reply reply;
    synchronized (lock) {
      if (vanished) {
        return new CompletableFuture<>();
      }
      long highest = epochs.merge(task.id().jobId(), task.epoch(), Math::max);
      if (task.epoch() < highest) {
        return now(failure(ErrorInfo.of(ErrorCode.FENCED, "an older epoch than seen")));
      }
      if (kept.containsKey(task.id())) {
        return now(kept.get(task.id()));
      }
      if (running.containsKey(task.id())) {
        return running.get(task.id());
      }
      reply = script.next(task);
      answer = new CompletableFuture<>();
      running.put(task.id(), answer);
    }
    start(task, reply);
    return answer;
  }

  private void start(TaskEnvelope task, Reply reply) {
    if (reply.kind() == Reply.Kind.VANISH) {
      vanish();
    } else if (reply.kind() != Reply.Kind.HANG) {
      environment.schedule(reply.delay(), () -> environment.execute(() -> finish(task, reply)));
    }
  }

  private void finish(TaskEnvelope task, Reply reply) {
    CompletableFuture<TaskResult> answer;
    TaskResult result;
    synchronized (lock) {
      answer = running.remove(task.id());
      if (answer == null) {
        return; // Cancelled, or lost when the node vanished.
      }
      result = result(task, reply);
    }
    answer.complete(result);
  }

  private TaskResult result(TaskEnvelope task, Reply reply) {
    if (reply.kind() == Reply.Kind.FAIL) {
      return failure(reply.error());
    }
    try {
      TaskResult done = work(task, reply);
      return reply.kind() == Reply.Kind.LOSE_ANSWER ? failure(reply.error()) : done;
    } catch (DimException refused) {
      return failure(refused.info());
    }
  }

  private TaskResult work(TaskEnvelope task, Reply reply) {
    Map<String, Tensor> outputs =
        task.work() instanceof TaskEnvelope.Work.Action action
            ? effect(action, task, reply)
            : reply.outputs(task);
    long samples = reply.samples().orElseGet(() -> rows(task));
    long took = reply.delay().toMillis();
    TaskResult result =
        task.reduction().filter(ReductionSpec::keeps).isPresent()
            ? TaskResult.kept(
                profile.nodeId(), staying(task, outputs), samples, TensorDigest.of(outputs), took)
            : TaskResult.success(profile.nodeId(), outputs, samples, took);
    kept.put(task.id(), result);
    return result;
  }

  /** The handle is the step's name and attempt, so that every run of a test has the same. */
  private static NodeRows staying(TaskEnvelope task, Map<String, Tensor> outputs) {
    return new NodeRows(
        Optional.of(task.id().step() + "#" + task.id().attempt()),
        outputs.entrySet().stream()
            .map(e -> TensorSpec.of(e.getKey(), e.getValue().dataType(), e.getValue().shape()))
            .toList(),
        Optional.empty());
  }

  private Map<String, Tensor> effect(
      TaskEnvelope.Work.Action action, TaskEnvelope task, Reply reply) {
    String key = task.id().idempotencyKey();
    action.undoes().map(task.id()::idempotencyKeyOf).ifPresent(undone::add);
    if (undone.contains(key) && !effects.containsKey(key)) {
      throw new DimException(ErrorCode.CANCELLED, "the node was asked to undo the action");
    }
    Map<String, Tensor> outputs = effects.computeIfAbsent(key, first -> reply.outputs(task));
    effectCounts.merge(key, 1, Integer::sum);
    return outputs;
  }

  private long rows(TaskEnvelope task) {
    if (!(task.input() instanceof TaskInput.Cabinet cabinet)) {
      return 1;
    }
    return cabinet.name().flatMap(profile::dataSet).map(data -> data.rows()).orElse(1L);
  }

  private TaskResult failure(ErrorInfo error) {
    return TaskResult.failure(profile.nodeId(), error.about("node", profile.nodeId()), 0);
  }

  private static CompletionStage<TaskResult> now(TaskResult result) {
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public void cancel(TaskId task, long epoch) {
    log.cancelled(task);
    CompletableFuture<TaskResult> answer;
    synchronized (lock) {
      boolean isFenced = epochs.merge(task.jobId(), epoch, Math::max) > epoch;
      answer = isFenced ? null : running.remove(task);
    }
    if (answer != null) {
      answer.complete(failure(ErrorInfo.of(ErrorCode.CANCELLED, "cancelled")));
    }
  }

  @Override
  public void acknowledge(TaskId task) {
    log.acknowledged(task);
    synchronized (lock) {
      kept.remove(task);
    }
  }

  @Override
  public void release(String jobId) {
    log.released(jobId);
  }
}
