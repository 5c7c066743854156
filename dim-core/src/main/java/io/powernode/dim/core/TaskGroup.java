package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Tasks that run side by side until enough of them ended. Decides once; the executions that are
 * still going then are cancelled.
 */
final class TaskGroup {
  private final Environment environment;
  private final Until until;
  private final List<String> keys;
  private final CompletableFuture<Fact.Group> decided = new CompletableFuture<>();
  private final Object lock = new Object();
  private final Map<String, TaskResult> ended = new LinkedHashMap<>();
  private final Map<String, TaskExecution> going = new LinkedHashMap<>();
  private Subscription grace = () -> {};
  private int good;
  private boolean inGrace;
  private boolean closed;

  TaskGroup(Environment environment, Until until, List<String> keys) {
    this.environment = environment;
    this.until = until;
    this.keys = List.copyOf(keys);
  }

  /** Adds a task whose answer the journal has, or that has just ended. */
  void ended(String key, TaskResult result) {
    boolean enough;
    synchronized (lock) {
      if (closed) {
        return;
      }
      going.remove(key);
      ended.put(key, result);
      enough = isEnough(result);
    }
    if (enough) {
      close();
    }
  }

  /** Starts a task, unless enough have ended already. */
  void start(String key, TaskExecution execution) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      going.put(key, execution);
    }
    execution
        .start()
        .whenComplete(
            (result, lost) -> {
              if (lost == null) {
                ended(key, result);
              } else {
                decided.completeExceptionally(lost);
              }
            });
  }

  /** Completes with who counts. */
  CompletableFuture<Fact.Group> decided() {
    return decided;
  }

  /** The answers of those who count, in task order, by full step name. */
  Map<String, TaskResult> answers(Fact.Group group) {
    Map<String, TaskResult> answers = new LinkedHashMap<>();
    synchronized (lock) {
      group.counted().forEach(key -> answers.put(key, ended.get(key)));
    }
    return answers;
  }

  private boolean isEnough(TaskResult result) {
    if (ended.size() == keys.size()) {
      return true;
    }
    if (!(result instanceof TaskResult.Success success)) {
      return false;
    }
    try {
      if (until instanceof Until.FirstValid first) {
        return first.valid().test(success);
      }
      return until instanceof Until.Quorum quorum && isQuorum(quorum, success);
    } catch (RuntimeException e) {
      decided.completeExceptionally(
          new DimException(ErrorCode.ENGINE_FAULT, "the engine's own check of an answer failed"));
      return true;
    }
  }

  private boolean isQuorum(Until.Quorum quorum, TaskResult.Success success) {
    if (quorum.counts().test(success)) {
      good++;
    }
    if (good < quorum.successes() || inGrace) {
      return false;
    }
    Duration time = quorum.grace();
    if (time.isZero() || time.isNegative()) {
      return true;
    }
    inGrace = true;
    grace = environment.schedule(time, this::close);
    return false;
  }

  private void close() {
    List<TaskExecution> rest;
    List<String> counted = new ArrayList<>();
    List<String> late = new ArrayList<>();
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      grace.close();
      rest = List.copyOf(going.values());
      keys.forEach(key -> (ended.containsKey(key) ? counted : late).add(key));
    }
    rest.forEach(TaskExecution::cancel);
    decided.complete(new Fact.Group(counted, late));
  }
}
