package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSet;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Runs one task for each model of a comparative job, side by side, each where the job says. */
final class ModelTasks {
  private final List<String> named;
  private final PatternContext context;
  private final List<ModelDescriptor> models;
  private final Map<String, Integer> positions;
  private final Optional<NodeSet> nodes;

  ModelTasks(ComparativeSpec spec, PatternContext context, List<ModelDescriptor> models) {
    this.named = ComparativeChecks.nodes(spec);
    this.context = context;
    this.models = models;
    this.positions = Positions.of(models.stream().map(ModelDescriptor::id).toList());
    this.nodes =
        named.isEmpty()
            ? Optional.empty()
            : Optional.of(context.nodes("nodes", requirements(spec, named)));
  }

  private static NodeRequirements requirements(ComparativeSpec spec, List<String> named) {
    NodeRequirements requirements = NodeRequirements.named(named).count(1, named.size());
    return spec.usesInputData() ? requirements : requirements.withCabinet(spec.dataSource());
  }

  PatternContext context() {
    return context;
  }

  List<ModelDescriptor> models() {
    return models;
  }

  /**
   * What became of each model, by id; a failure where its node was not eligible.
   *
   * @param kind of work, which is a step name and starts those of the tasks
   * @param some of the models
   * @param work what is to be done, given the task so far
   */
  Map<String, TaskResult> run(
      String kind, List<ModelDescriptor> some, BiFunction<Task, ModelDescriptor, Task> work) {
    List<Task> tasks = new ArrayList<>();
    for (ModelDescriptor model : some) {
      if (isPlaced(model)) {
        tasks.add(work.apply(task(kind + "/" + model.id(), model), model));
      }
    }
    Optional<TaskResults> results =
        tasks.isEmpty() ? Optional.empty() : Optional.of(context.runAll(kind, tasks, Until.all()));
    Map<String, TaskResult> byModel = new LinkedHashMap<>();
    for (ModelDescriptor model : some) {
      TaskResult unplaced = TaskResult.failure(placeOf(model).orElse(""), notEligible(), 0);
      String step = kind + "/" + model.id();
      byModel.put(
          model.id(),
          results.map(all -> all.counted().getOrDefault(step, unplaced)).orElse(unplaced));
    }
    return byModel;
  }

  /** A task for a model where it runs, without its input yet. */
  Task task(String step, ModelDescriptor model) {
    Task task = Task.model(step, model.id());
    return placeOf(model)
        .map(task::onNode)
        .orElseGet(
            () ->
                task.anywhere(
                    NodeRequirements.any().forModel(model.id(), model.artifact().format())));
  }

  /** The reputation of a node at the time when it was chosen. */
  double reputation(String model, String node) {
    return nodes
        .map(chosen -> chosen.reputations().getOrDefault(node, 0.0))
        .orElseGet(
            () ->
                context.record(
                    "reputation/" + model,
                    Double.class,
                    () -> context.catalog().node(node).map(NodeRecord::reputation).orElse(0.0)));
  }

  private Optional<String> placeOf(ModelDescriptor model) {
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(named.get(Lookup.in(positions, model.id()) % named.size()));
  }

  private boolean isPlaced(ModelDescriptor model) {
    return placeOf(model)
        .map(place -> nodes.map(chosen -> chosen.nodes().contains(place)).orElse(false))
        .orElse(true);
  }

  private static ErrorInfo notEligible() {
    return ErrorInfo.of(ErrorCode.NO_ELIGIBLE_NODE, "node: was not eligible when the job began");
  }
}
