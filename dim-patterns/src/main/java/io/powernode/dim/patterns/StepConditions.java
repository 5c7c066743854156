package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.RowRoute;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a step of a pipeline is to run, by its condition and the answers so far. A condition on
 * rows that stay is decided where they are.
 */
final class StepConditions {
  private final PipelineState state;
  private final KeptInputs kept;

  StepConditions(PipelineState state) {
    this.state = state;
    this.kept = new KeptInputs(state);
  }

  /**
   * What became of a condition.
   *
   * @param holds whether the step is to run
   * @param problem why that cannot be told
   */
  record Verdict(boolean holds, Optional<ErrorInfo> problem) {
    private static Verdict of(boolean holds) {
      return new Verdict(holds, Optional.empty());
    }

    private static Verdict problem(ErrorInfo problem) {
      return new Verdict(false, Optional.of(problem));
    }
  }

  /** Whether all that a step reads was answered, and its condition, if it has one, holds. */
  Verdict judge(StepRun run) {
    PipelineStep step = run.step();
    StepReads reads = state.plan().reads(step);
    boolean areThere = state.outputs().keySet().containsAll(reads.all());
    if (!areThere || step.when().isEmpty()) {
      return Verdict.of(areThere);
    }
    String condition = step.when().get();
    try {
      Optional<String> node = node(reads.when());
      return node.isPresent()
          ? asked(task(run, condition, node.get()))
          : Verdict.of(new ConditionEvaluation(this::tensor).holds(ConditionTree.parse(condition)));
    } catch (DimException unfit) {
      return Verdict.problem(unfit.info());
    }
  }

  private Optional<String> node(Set<Integer> steps) {
    return steps.stream()
        .flatMap(step -> Lookup.in(state.outputs(), step).stay().stream())
        .map(StepOutput.Stay::node)
        .findFirst();
  }

  private Task task(StepRun run, String condition, String node) {
    return StepTasks.limited(
        Task.condition(run.key() + "/when", new Condition(PipelineConditions.NAME, condition))
            .onNode(node)
            .input(kept.of(condition)),
        run.step());
  }

  private Verdict asked(Task task) {
    TaskResult result = state.context().run(task);
    if (result instanceof TaskResult.Failure failure) {
      return Verdict.problem(failure.error().about("node", failure.nodeId()));
    }
    Tensor holds = ((TaskResult.Success) result).outputs().get(Task.HOLDS);
    return holds != null && holds.dataType().isNumeric() && holds.elements() == 1
        ? Verdict.of(holds.toDoubles()[0] == 1)
        : Verdict.problem(
            ErrorInfo.of(
                    ErrorCode.INVALID_DATA, "the node does not say whether the condition holds")
                .about("node", result.nodeId()));
  }

  /**
   * Which of so many rows of the step's data go through it; empty if it declares none.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if the condition does not fit the
   *     answers
   */
  Optional<RowRoute> route(PipelineStep step, int rows) {
    return step.rows()
        .map(ConditionTree::parse)
        .map(condition -> new ConditionEvaluation(this::tensor).rows(condition, rows))
        .map(through -> RowRoute.of(through, rows));
  }

  private Tensor tensor(ConditionTree.Output output) {
    Tensor tensor = Lookup.in(state.outputs(), output.step()).tensors().get(output.name());
    if (tensor == null) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "the condition reads %s, and %s has no output of that name"
              .formatted(output, StepInputs.label(state.pipeline().get(output.step() - 1))));
    }
    return tensor;
  }
}
