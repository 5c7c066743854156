package io.powernode.dim.benchmarks;

import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.util.Set;

/** The smallest pattern: one model, on the node {@code node}, on the job's own input. */
final class OneTask implements PatternEngine<OneTask.Spec> {
  private static final String NAME = "one_task";

  /**
   * What a job asks for.
   *
   * @param modelId the model
   */
  record Spec(String modelId) implements PatternSpec {
    @Override
    public String pattern() {
      return NAME;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Set<String> models(Spec spec, Catalog catalog) {
    return Set.of(spec.modelId());
  }

  @Override
  public PatternResult execute(Spec spec, PatternContext context) {
    Task task = Task.model("task", spec.modelId()).onNode("node").input(context.inputData());
    TaskResult result = context.run(task);
    return result instanceof TaskResult.Success success
        ? PatternResult.completed(JobOutput.ofTensors(success.outputs()), Evidence.of(NAME))
        : PatternResult.failed(((TaskResult.Failure) result).error());
  }
}
