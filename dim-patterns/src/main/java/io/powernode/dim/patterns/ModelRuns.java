package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSet;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Runs the models of a comparative job side by side and reads their votes. */
final class ModelRuns {
  private final ComparativeSpec spec;
  private final PatternContext context;
  private final List<ModelDescriptor> models;
  private final Classes classes;
  private final boolean needsProbabilities;
  private final Optional<NodeSet> nodes;

  ModelRuns(
      ComparativeSpec spec, PatternContext context, List<ModelDescriptor> models, Classes classes) {
    this.spec = spec;
    this.context = context;
    this.models = models;
    this.classes = classes;
    this.needsProbabilities = ComparativeChecks.needsProbabilities(spec, context.catalog());
    List<String> named = ComparativeChecks.nodes(spec);
    this.nodes =
        named.isEmpty()
            ? Optional.empty()
            : Optional.of(context.nodes("nodes", requirements(named)));
  }

  /** What became of each model, in declared order. */
  List<ModelAnswer> answers() {
    Map<String, TaskResult> results =
        new LinkedHashMap<>(runAll("vote", models, (task, model) -> voting(task, model, true)));
    if (!spec.usesInputData() && !needsProbabilities) {
      // Probabilities are asked for first; a policy that keeps them may still allow the labels.
      List<ModelDescriptor> denied =
          models.stream().filter(m -> isDenied(Optional.ofNullable(results.get(m.id())))).toList();
      results.putAll(runAll("label", denied, (task, model) -> voting(task, model, false)));
    }
    Optional<String> gold = ComparativeChecks.goldCabinet(spec);
    Map<String, TaskResult> tests =
        gold.map(cabinet -> runAll("gold", models, (task, model) -> testing(task, model, cabinet)))
            .orElse(Map.of());
    List<ModelAnswer> answers = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      ModelDescriptor model = models.get(i);
      ModelAnswer answer = answer(model, placeOf(i), Optional.ofNullable(results.get(model.id())));
      answers.add(
          gold.isPresent() && answer.vote().isPresent()
              ? weighed(answer, model, Optional.ofNullable(tests.get(model.id())))
              : answer);
    }
    return answers;
  }

  private NodeRequirements requirements(List<String> named) {
    NodeRequirements requirements = NodeRequirements.named(named).count(1, named.size());
    return spec.usesInputData() ? requirements : requirements.withCabinet(spec.dataSource());
  }

  private Map<String, TaskResult> runAll(
      String kind, List<ModelDescriptor> some, BiFunction<Task, ModelDescriptor, Task> work) {
    List<Task> tasks = new ArrayList<>();
    for (ModelDescriptor model : some) {
      Optional<String> place = placeOf(models.indexOf(model));
      if (place.isEmpty() || isChosen(place.get())) {
        tasks.add(work.apply(placed(kind, model, place), model));
      }
    }
    Map<String, TaskResult> byModel = new LinkedHashMap<>();
    if (!tasks.isEmpty()) {
      TaskResults results = context.runAll(kind, tasks, Until.all());
      for (ModelDescriptor model : some) {
        TaskResult result = results.counted().get(kind + "/" + model.id());
        if (result != null) {
          byModel.put(model.id(), result);
        }
      }
    }
    return byModel;
  }

  private static Task placed(String kind, ModelDescriptor model, Optional<String> place) {
    Task task = Task.model(kind + "/" + model.id(), model.id());
    return place.isPresent()
        ? task.onNode(place.get())
        : task.anywhere(NodeRequirements.any().forModel(model.id(), model.artifact().format()));
  }

  private Task testing(Task task, ModelDescriptor model, String cabinet) {
    return task.input(TaskInput.Cabinet.named(cabinet))
        .reduce(new ReductionSpec("metrics", reading(model).with("probabilities", false)));
  }

  private Task voting(Task task, ModelDescriptor model, boolean probabilities) {
    return spec.usesInputData()
        ? task.input(context.inputData())
        : task.input(TaskInput.Cabinet.named(spec.dataSource()))
            .reduce(
                new ReductionSpec(
                    VotesReduction.NAME,
                    options(model).with(VotesReduction.PROBABILITIES, probabilities)));
  }

  private Options options(ModelDescriptor model) {
    Object minConfidence = spec.consensus().options().asMap().get(Consensus.MIN_CONFIDENCE);
    return minConfidence == null
        ? reading(model)
        : reading(model).with(Consensus.MIN_CONFIDENCE, minConfidence);
  }

  /** How the model's outputs are read as labels. */
  private Options reading(ModelDescriptor model) {
    Options options = Options.none();
    if (spec.consensus().threshold().isPresent()) {
      options = options.with("threshold", spec.consensus().threshold().get());
    }
    return model.labels().isEmpty() && !classes.declared().isEmpty()
        ? options.with("labels", classes.declared())
        : options;
  }

  private Optional<String> placeOf(int model) {
    List<String> named = ComparativeChecks.nodes(spec);
    return named.isEmpty() ? Optional.empty() : Optional.of(named.get(model % named.size()));
  }

  private boolean isChosen(String node) {
    return nodes.map(chosen -> chosen.nodes().contains(node)).orElse(false);
  }

  private static boolean isDenied(Optional<TaskResult> result) {
    return result.orElse(null) instanceof TaskResult.Failure failure
        && failure.error().code() == ErrorCode.POLICY_DENIED;
  }

  private ModelAnswer answer(
      ModelDescriptor model, Optional<String> place, Optional<TaskResult> result) {
    String id = model.id();
    if (result.orElse(null) instanceof TaskResult.Success success) {
      ModelVote vote;
      try {
        vote = vote(model, success);
      } catch (DimException e) {
        return ModelAnswer.failed(id, success.nodeId(), e.info());
      }
      return ModelAnswer.voted(id, success.nodeId(), reputation(id, success.nodeId()), vote);
    }
    if (result.orElse(null) instanceof TaskResult.Failure failure) {
      return ModelAnswer.failed(id, failure.nodeId(), failure.error());
    }
    return ModelAnswer.failed(
        id,
        place.orElse(""),
        ErrorInfo.of(ErrorCode.NO_ELIGIBLE_NODE, "node: was not eligible when the job began"));
  }

  /** A model of which nobody knows how good it is has failed: no weight of it would be right. */
  private static ModelAnswer weighed(
      ModelAnswer answer, ModelDescriptor model, Optional<TaskResult> test) {
    String id = answer.modelId();
    if (test.orElse(null) instanceof TaskResult.Success success) {
      try {
        return answer.weighing(GoldStandard.weight(success.outputs(), success.samples(), model));
      } catch (DimException e) {
        return ModelAnswer.failed(id, answer.nodeId(), e.info());
      }
    }
    return ModelAnswer.failed(
        id, answer.nodeId(), ((TaskResult.Failure) test.orElseThrow()).error());
  }

  private ModelVote vote(ModelDescriptor model, TaskResult.Success success) {
    ModelVote vote =
        spec.usesInputData()
            ? ModelVote.ofOutputs(success.outputs(), inputRows(), model, options(model), classes)
            : ModelVote.ofPartial(success.outputs(), model, classes);
    if (needsProbabilities && vote.probabilities().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "votes: have no probabilities; allowed: a model whose scores are probabilities of the"
              + " classes, or a method that does not need them");
    }
    return vote;
  }

  /** The first dimension of the first tensor that has one. */
  private int inputRows() {
    return context.inputData().values().stream()
        .filter(tensor -> tensor.rank() > 0)
        .findFirst()
        .map((Tensor tensor) -> (int) tensor.dimension(0))
        .orElse(1);
  }

  private double reputation(String model, String node) {
    return nodes
        .map(chosen -> chosen.reputations().getOrDefault(node, 0.0))
        .orElseGet(
            () ->
                context.record(
                    "reputation/" + model,
                    Double.class,
                    () -> context.catalog().node(node).map(NodeRecord::reputation).orElse(0.0)));
  }
}
