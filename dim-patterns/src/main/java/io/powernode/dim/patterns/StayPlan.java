package io.powernode.dim.patterns;

import io.powernode.dim.api.PipelineStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which steps of a pipeline leave their rows on the node that made them, as the job alone tells.
 * The rows of a step stay if it runs a model over a cabinet, or over rows that stay, declares
 * neither a reduction nor a rollback, and whatever reads them can do so there: models on that node
 * that read nothing else, and conditions on nothing else.
 */
final class StayPlan {
  private final List<PipelineStep> pipeline;
  private final List<StepReads> reads = new ArrayList<>();
  private final Map<Integer, List<Integer>> readers = new HashMap<>();
  private final Map<Integer, String> stays = new HashMap<>();

  private StayPlan(List<PipelineStep> pipeline) {
    this.pipeline = pipeline;
  }

  /** The plan for a pipeline whose steps are numbered in order. */
  static StayPlan of(List<PipelineStep> pipeline, StepSources sources) {
    StayPlan plan = new StayPlan(pipeline);
    for (int number = 1; number <= pipeline.size(); number++) {
      plan.add(number, sources);
    }
    boolean changed = true;
    while (changed) {
      changed = plan.stays.keySet().removeIf(number -> !plan.canStay(number));
    }
    return plan;
  }

  private void add(int number, StepSources sources) {
    PipelineStep step = pipeline.get(number - 1);
    StepReads own = StepReads.of(step, sources);
    reads.add(own);
    own.all().forEach(read -> readers.computeIfAbsent(read, any -> new ArrayList<>()).add(number));
    if (step.modelId().isPresent() && step.reduction().isEmpty() && step.rollback().isEmpty()) {
      Optional<String> node = step.readsCabinet() ? step.nodeId() : place(number);
      node.ifPresent(id -> stays.put(number, id));
    }
  }

  /** The node on which a step's rows stay; empty if its answer leaves. */
  Optional<String> node(PipelineStep step) {
    return Optional.ofNullable(stays.get(step.step()));
  }

  /** The node on whose rows that stay a step works, and on nothing else; empty if it does not. */
  Optional<String> place(PipelineStep step) {
    boolean isIts = step.step() >= 1 && step.step() <= reads.size();
    return isIts ? place(step.step()) : Optional.empty();
  }

  /** What a step reads. */
  StepReads reads(PipelineStep step) {
    return reads.get(step.step() - 1);
  }

  private boolean canStay(int number) {
    boolean isMadeThere = pipeline.get(number - 1).readsCabinet() || place(number).isPresent();
    List<Integer> all = readers.getOrDefault(number, List.of());
    return isMadeThere && !all.isEmpty() && all.stream().allMatch(r -> canRead(r, number));
  }

  private boolean canRead(int reader, int number) {
    StepReads own = reads.get(reader - 1);
    boolean asTask = own.task().contains(number);
    boolean asCondition = own.when().contains(number);
    return (!asTask || place(reader).isPresent()) && (!asCondition || isOne(own.when()));
  }

  private boolean isOne(Set<Integer> steps) {
    return nodes(steps).size() == 1 && stays.keySet().containsAll(steps);
  }

  private Optional<String> place(int number) {
    PipelineStep step = pipeline.get(number - 1);
    Set<Integer> steps = reads.get(number - 1).task();
    boolean isModelOnSteps =
        step.modelId().isPresent() && PipelineStep.sourceStep(step.inputSource()).isPresent();
    return isModelOnSteps && isOne(steps)
        ? nodes(steps).stream().filter(node -> step.nodeId().orElse(node).equals(node)).findFirst()
        : Optional.empty();
  }

  private Set<String> nodes(Set<Integer> steps) {
    Set<String> nodes = new HashSet<>();
    steps.forEach(step -> Optional.ofNullable(stays.get(step)).ifPresent(nodes::add));
    return nodes;
  }
}
