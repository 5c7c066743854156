package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Has the models of a comparative job vote, and reads their votes.
 *
 * @param tasks where the models run
 * @param asking for what
 */
record ModelRuns(ModelTasks tasks, Asking asking) {

  /** What became of each model on the job's own rows, in declared order. */
  List<ModelAnswer> onInput() {
    Map<String, Tensor> data = new LinkedHashMap<>(tasks.context().inputData());
    boolean isNamed = data.containsKey(RowPartials.ROW_IDS);
    List<String> names = isNamed ? RowPartials.rows(data) : RowPartials.numbered(rows(data));
    data.remove(RowPartials.ROW_IDS);
    return answers(
        tasks.run("vote", tasks.models(), (task, model) -> task.input(data)),
        (model, success) -> asking.ofOutputs(success.outputs(), names.size(), model).called(names));
  }

  /** The first dimension of the first tensor that has one. */
  private static int rows(Map<String, Tensor> input) {
    return input.values().stream()
        .filter(tensor -> tensor.rank() > 0)
        .findFirst()
        .map((Tensor tensor) -> (int) tensor.dimension(0))
        .orElse(1);
  }

  /**
   * What became of each model on a cabinet's rows, in declared order. The most is asked for first;
   * a policy that denies it may still allow less.
   *
   * @param kinds the names of the steps, one for each thing to ask for
   */
  List<ModelAnswer> onCabinet(String cabinet, List<String> kinds) {
    Map<String, TaskResult> results = new LinkedHashMap<>();
    List<ModelDescriptor> open = tasks.models();
    for (int i = 0; !open.isEmpty(); i++) {
      int choice = i;
      results.putAll(
          tasks.run(
              kinds.get(choice),
              open,
              (task, model) ->
                  task.input(TaskInput.Cabinet.named(cabinet))
                      .reduce(asking.reductions(model).get(choice))));
      open =
          open.stream()
              .filter(model -> asking.reductions(model).size() > choice + 1)
              .filter(model -> isDenied(Lookup.in(results, model.id())))
              .toList();
    }
    return answers(results, (model, success) -> asking.ofPartial(success.outputs(), model));
  }

  private static boolean isDenied(TaskResult result) {
    return result instanceof TaskResult.Failure failure
        && failure.error().code() == ErrorCode.POLICY_DENIED;
  }

  private List<ModelAnswer> answers(
      Map<String, TaskResult> results,
      BiFunction<ModelDescriptor, TaskResult.Success, ModelVote> reading) {
    return tasks.models().stream()
        .map(model -> answer(model, Lookup.in(results, model.id()), reading))
        .toList();
  }

  private ModelAnswer answer(
      ModelDescriptor model,
      TaskResult result,
      BiFunction<ModelDescriptor, TaskResult.Success, ModelVote> reading) {
    String id = model.id();
    if (result instanceof TaskResult.Success success) {
      ModelVote vote;
      try {
        vote = reading.apply(model, success);
      } catch (DimException e) {
        return ModelAnswer.failed(id, success.nodeId(), e.info());
      }
      return ModelAnswer.voted(id, success.nodeId(), tasks.reputation(id, success.nodeId()), vote);
    }
    TaskResult.Failure failure = (TaskResult.Failure) result;
    return ModelAnswer.failed(id, failure.nodeId(), failure.error());
  }
}
