package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tries models on a cabinet with known labels, to learn what their votes weigh. */
record GoldTrials(ModelTasks tasks, Consensus consensus, Classes classes) {

  /** The answers, those with a vote weighed. */
  List<ModelAnswer> weighed(String cabinet, List<ModelAnswer> answers) {
    Map<String, TaskResult> results =
        tasks.run(
            "gold",
            tasks.models(),
            (task, model) ->
                task.input(TaskInput.Cabinet.named(cabinet))
                    .reduce(
                        new ReductionSpec("metrics", classes.reading(model, consensus))
                            .with("probabilities", false)));
    List<ModelAnswer> weighed = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      ModelAnswer answer = answers.get(i);
      weighed.add(
          answer.vote().isPresent()
              ? weighed(answer, tasks.models().get(i), Lookup.in(results, answer.modelId()))
              : answer);
    }
    return weighed;
  }

  /** A model of which nobody knows how good it is has failed: no weight of it would be right. */
  private static ModelAnswer weighed(ModelAnswer answer, ModelDescriptor model, TaskResult trial) {
    String id = answer.modelId();
    if (trial instanceof TaskResult.Success success) {
      try {
        return answer.weighing(GoldStandard.weight(success.outputs(), success.samples(), model));
      } catch (DimException e) {
        return ModelAnswer.failed(id, answer.nodeId(), e.info());
      }
    }
    return ModelAnswer.failed(id, answer.nodeId(), ((TaskResult.Failure) trial).error());
  }
}
