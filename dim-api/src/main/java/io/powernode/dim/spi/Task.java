package io.powernode.dim.spi;

import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One piece of work for one node: run a model or perform an action. Immutable; made by {@link
 * #model} or {@link #action}; the other methods give the same task with one thing changed.
 *
 * @param step the durable key, unique in its scope: an identifier that may contain {@code /}
 * @param work what to run
 * @param placement where
 * @param input what it works on
 * @param reduction what may leave the node, when the input is a cabinet or kept rows
 * @param effect what running it twice means
 * @param limits time and attempts
 */
public record Task(
    String step,
    Work work,
    Placement placement,
    TaskInput input,
    Optional<ReductionSpec> reduction,
    Effect effect,
    Limits limits) {

  /** The output of a task that decides a condition. */
  public static final String HOLDS = "holds";

  public Task {
    Objects.requireNonNull(work, "work");
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(effect, "effect");
    if (step.isEmpty() || step.length() > 256) {
      throw new IllegalArgumentException("step: has the wrong length; allowed: 1 to 256");
    }
  }

  /** A pure task that runs a model, anywhere, on no input yet. */
  public static Task model(String step, String modelId) {
    return new Task(
        step,
        new Work.Model(modelId),
        Placement.anywhere(),
        new TaskInput.Tensors(Map.of()),
        Optional.empty(),
        Effect.PURE,
        Limits.standard());
  }

  /** An effectful task that performs an action, anywhere, on no input yet. */
  public static Task action(String step, String action) {
    return new Task(
        step,
        new Work.Action(action),
        Placement.anywhere(),
        new TaskInput.Tensors(Map.of()),
        Optional.empty(),
        Effect.EFFECTFUL,
        Limits.standard());
  }

  /**
   * A pure task that decides a condition on rows that stay on a node; answers {@link #HOLDS}, BOOL
   * [1].
   */
  public static Task condition(String step, Condition condition) {
    return new Task(
        step,
        new Work.Test(condition),
        Placement.anywhere(),
        new TaskInput.Tensors(Map.of()),
        Optional.empty(),
        Effect.PURE,
        Limits.standard());
  }

  /** The same task under another step name. */
  public Task step(String newStep) {
    return new Task(newStep, work, placement, input, reduction, effect, limits);
  }

  /** The same task on this node and no other. */
  public Task onNode(String nodeId) {
    return placed(new Placement.OnNode(nodeId));
  }

  /** The same task on any node that meets the requirements. */
  public Task anywhere(NodeRequirements requirements) {
    return placed(new Placement.Anywhere(requirements));
  }

  /** The same task with this input. */
  public Task input(TaskInput newInput) {
    return new Task(step, work, placement, newInput, reduction, effect, limits);
  }

  /** The same task with these tensors as its input. */
  public Task input(Map<String, Tensor> tensors) {
    return input(new TaskInput.Tensors(tensors));
  }

  /** The same task with this reduction. */
  public Task reduce(ReductionSpec spec) {
    return new Task(step, work, placement, input, Optional.of(spec), effect, limits);
  }

  /** The same task with another effect. */
  public Task effect(Effect newEffect) {
    return new Task(step, work, placement, input, reduction, newEffect, limits);
  }

  /** The same task with a time limit for each attempt. */
  public Task timeout(Duration limit) {
    return limited(new Limits(Optional.of(limit), limits.retries()));
  }

  /** The same task with a number of retries of its own; 0 or more. */
  public Task retries(int count) {
    return limited(new Limits(limits.timeout(), Optional.of(count)));
  }

  private Task placed(Placement newPlacement) {
    return new Task(step, work, newPlacement, input, reduction, effect, limits);
  }

  private Task limited(Limits newLimits) {
    return new Task(step, work, placement, input, reduction, effect, newLimits);
  }

  /** What a task runs. */
  public sealed interface Work {
    /** What people know it by. */
    String label();

    /**
     * A model of the registry.
     *
     * @param id its id
     */
    record Model(String id) implements Work {
      @Override
      public String label() {
        return id;
      }
    }

    /**
     * An action that the node's host registered.
     *
     * @param name its name
     */
    record Action(String name) implements Work {
      @Override
      public String label() {
        return name;
      }
    }

    /**
     * A condition on kept rows.
     *
     * @param condition to decide
     */
    record Test(Condition condition) implements Work {
      @Override
      public String label() {
        return condition.text();
      }
    }
  }

  /** Where a task runs. */
  public sealed interface Placement {
    /**
     * On one node; never moved.
     *
     * @param nodeId the node
     */
    record OnNode(String nodeId) implements Placement {}

    /**
     * On any node that meets the requirements; a retry may move it.
     *
     * @param requirements what the node must be
     */
    record Anywhere(NodeRequirements requirements) implements Placement {}

    /** On any node at all. */
    static Placement anywhere() {
      return new Anywhere(NodeRequirements.any());
    }
  }

  /**
   * Bounds of a task.
   *
   * @param timeout of each attempt; what is left of the job's time if empty
   * @param retries of transient failures; the orchestrator's default if empty
   */
  public record Limits(Optional<Duration> timeout, Optional<Integer> retries) {
    /** No time limit but the job's, and the orchestrator's default of retries. */
    public static Limits standard() {
      return new Limits(Optional.empty(), Optional.empty());
    }
  }
}
