package io.powernode.dim.testkit;

import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a {@link FakeNode} was asked, in order. Thread-safe; the lists are copies. */
public final class FakeNodeLog {
  private final Object lock = new Object();
  private final List<Call> calls = new ArrayList<>();
  private final List<TaskId> cancelled = new ArrayList<>();
  private final List<TaskId> acknowledged = new ArrayList<>();

  private final List<String> released = new ArrayList<>();

  FakeNodeLog() {}

  /**
   * A task that was sent to the node.
   *
   * @param task as it arrived
   * @param deadline that came with it
   */
  public record Call(TaskEnvelope task, Duration deadline) {}

  /** Every task that was sent, answered or not. */
  public List<Call> calls() {
    synchronized (lock) {
      return List.copyOf(calls);
    }
  }

  /** The steps of all tasks that were sent. */
  public List<String> steps() {
    return calls().stream().map(call -> call.task().id().step()).toList();
  }

  /** The attempts of a step that were sent. */
  public List<Integer> attempts(String step) {
    return calls().stream()
        .map(call -> call.task().id())
        .filter(id -> id.step().equals(step))
        .map(TaskId::attempt)
        .toList();
  }

  /** Every task that was cancelled, running or not. */
  public List<TaskId> cancelled() {
    synchronized (lock) {
      return List.copyOf(cancelled);
    }
  }

  /** Every task that was acknowledged, kept or not. */
  public List<TaskId> acknowledged() {
    synchronized (lock) {
      return List.copyOf(acknowledged);
    }
  }

  /** Every job whose rows may be forgotten. */
  public List<String> released() {
    synchronized (lock) {
      return List.copyOf(released);
    }
  }

  void called(TaskEnvelope task, Duration deadline) {
    synchronized (lock) {
      calls.add(new Call(task, deadline));
    }
  }

  void cancelled(TaskId task) {
    synchronized (lock) {
      cancelled.add(task);
    }
  }

  void acknowledged(TaskId task) {
    synchronized (lock) {
      acknowledged.add(task);
    }
  }

  void released(String jobId) {
    synchronized (lock) {
      released.add(jobId);
    }
  }
}
