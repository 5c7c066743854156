package io.powernode.dim.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds a chained job: see {@link JobSpec#chained}. Not thread-safe. */
public final class ChainedJobBuilder extends JobBuilder<ChainedJobBuilder> {
  private final List<PipelineStep> pipeline = new ArrayList<>();
  private ErrorHandling errorHandling = ErrorHandling.failFast();

  ChainedJobBuilder() {}

  /** Adds a step that runs a model. */
  public ChainedJobBuilder step(String name, String modelId, Consumer<Step> details) {
    return add(name, new Work(Optional.of(modelId), Optional.empty(), Optional.empty()), details);
  }

  /** Adds a step that runs a model on any eligible node, on what the step before answered. */
  public ChainedJobBuilder step(String name, String modelId) {
    return step(name, modelId, step -> {});
  }

  /** Adds a step that performs an action of the host. */
  public ChainedJobBuilder action(String name, String action, Consumer<Step> details) {
    return add(name, new Work(Optional.empty(), Optional.of(action), Optional.empty()), details);
  }

  /**
   * Adds a step that runs a pattern, as {@code JobSpec.comparative("a", "b").build().config()}
   * gives it.
   */
  public ChainedJobBuilder block(String name, PatternSpec pattern, Consumer<Step> details) {
    return add(name, new Work(Optional.empty(), Optional.empty(), Optional.of(pattern)), details);
  }

  /**
   * Adds a step that runs a pattern, on what the step before answered if the pattern reads data.
   */
  public ChainedJobBuilder block(String name, PatternSpec pattern) {
    return block(name, pattern, step -> {});
  }

  /** What happens when a step fails; fail fast by default. */
  public ChainedJobBuilder onFailure(ErrorHandling handling) {
    errorHandling = handling;
    return this;
  }

  /** What a step runs: exactly one of these. */
  private record Work(
      Optional<String> modelId, Optional<String> action, Optional<PatternSpec> block) {}

  private ChainedJobBuilder add(String name, Work work, Consumer<Step> details) {
    int number = pipeline.size() + 1;
    Step step = new Step(number);
    details.accept(step);
    pipeline.add(
        new PipelineStep(
            number,
            name,
            work.modelId(),
            work.action(),
            work.block(),
            step.nodeId,
            step.inputSource,
            step.inputs,
            step.when,
            step.rows,
            step.otherwise,
            step.reduction,
            step.timeout,
            step.retries,
            step.fallbackModelId,
            step.rollback));
    return this;
  }

  @Override
  PatternSpec config() {
    return new ChainedSpec(pipeline, errorHandling);
  }

  /** The details of one step. */
  public static final class Step {
    private Optional<String> nodeId = Optional.empty();
    private String inputSource;
    private final Map<String, String> inputs = new LinkedHashMap<>();
    private Optional<String> when = Optional.empty();
    private Optional<String> rows = Optional.empty();
    private Options otherwise = Options.none();
    private Optional<ReductionSpec> reduction = Optional.empty();
    private Optional<Duration> timeout = Optional.empty();
    private Optional<Integer> retries = Optional.empty();
    private Optional<String> fallbackModelId = Optional.empty();
    private Optional<Rollback> rollback = Optional.empty();

    private Step(int number) {
      inputSource = PipelineStep.defaultSource(number);
    }

    /** The node that runs the step. */
    public Step node(String id) {
      nodeId = Optional.of(id);
      return this;
    }

    /**
     * Where the input comes from: {@code client_data}, {@code step_K_output} or a cabinet; the step
     * before by default, the job's input data for the first.
     */
    public Step from(String source) {
      inputSource = source;
      return this;
    }

    /** Feeds one input from a tensor of an earlier step, as in {@code step_1_output.normalised}. */
    public Step input(String name, String source) {
      inputs.put(name, source);
      return this;
    }

    /**
     * The condition under which the step runs, as in {@code any(step_1_output.urgency >= 0.5)}; see
     * {@link PipelineStep}. A step that reads a skipped one is skipped too.
     */
    public Step when(String condition) {
      when = Optional.of(condition);
      return this;
    }

    /**
     * Which rows go through the step, as in {@code step_1_output.urgency >= 0.5}; the others pass
     * it by. See {@link PipelineStep}.
     */
    public Step rows(String condition) {
      rows = Optional.of(condition);
      return this;
    }

    /**
     * What rows that passed the step by have in one of its outputs; otherwise they have what the
     * step's source has under the same name.
     *
     * @param value a number, a truth value, a text, or {@code step_K_output.NAME}
     */
    public Step otherwise(String output, Object value) {
      otherwise = otherwise.with(output, value);
      return this;
    }

    /**
     * What of a cabinet's rows, or of rows that stay on their node, may leave it; see {@link
     * PipelineStep}.
     */
    public Step reduce(ReductionSpec spec) {
      reduction = Optional.of(spec);
      return this;
    }

    /** How long an attempt may take, or all tasks of a block. */
    public Step timeout(Duration value) {
      timeout = Optional.of(value);
      return this;
    }

    /** How often a transient failure of this step is tried again. */
    public Step retries(int count) {
      retries = Optional.of(count);
      return this;
    }

    /** The model to run when the first one failed for good. */
    public Step fallback(String modelId) {
      fallbackModelId = Optional.of(modelId);
      return this;
    }

    /** How to undo the step. */
    public Step rollback(Rollback value) {
      rollback = Optional.of(value);
      return this;
    }
  }
}
