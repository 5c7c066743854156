package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.OnFailure;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.Reduction;
import java.util.Optional;
import java.util.Set;

/** Whether a chained job can work with the models and nodes that are there. */
final class ChainedChecks {
  private final ChainedSpec spec;
  private final Catalog catalog;
  private final CatalogChecks checks;
  private final HandOverChecks handOvers;
  private final ConditionChecks conditions;
  private final RoutingChecks routing;
  private final StepSources sources;
  private final StayPlan plan;
  private final Violations violations;

  ChainedChecks(ChainedSpec spec, Catalog catalog, Violations violations) {
    this.spec = spec;
    this.catalog = catalog;
    this.checks = new CatalogChecks(catalog);
    this.handOvers = new HandOverChecks(spec, catalog);
    this.conditions = new ConditionChecks(spec, catalog);
    this.routing = new RoutingChecks(spec, catalog);
    this.sources = new StepSources(catalog);
    this.plan = StayPlan.of(spec.pipeline(), sources);
    this.violations = violations;
  }

  void run() {
    for (int i = 0; i < spec.pipeline().size(); i++) {
      Violations at = violations.at("pipeline").at(i);
      check(spec.pipeline().get(i), at);
      handOvers.check(spec.pipeline().get(i), at);
      conditions.check(spec.pipeline().get(i), at);
      routing.check(spec.pipeline().get(i), at);
    }
    checkErrorHandling(violations.at("errorHandling"));
  }

  private void check(PipelineStep step, Violations at) {
    Optional<ModelDescriptor> model = step.modelId().flatMap(id -> checks.model(id, at, "modelId"));
    Optional<ModelDescriptor> fallback =
        step.fallbackModelId().flatMap(id -> checks.model(id, at, "fallbackModelId"));
    Optional<NodeRecord> node = step.nodeId().flatMap(id -> checks.boundNode(id, at, "nodeId"));
    node.ifPresent(
        there -> {
          model.ifPresent(m -> checks.runs(there, m, at, "nodeId"));
          fallback.ifPresent(m -> checks.runs(there, m, at, "nodeId"));
          step.action().ifPresent(action -> checks.performs(there, action, at, "nodeId"));
          if (step.readsCabinet()) {
            checks.cabinet(there, step.inputSource(), at, "nodeId");
          }
        });
    if (step.readsCabinet() && step.block().isEmpty()) {
      at.require(
          step.action().isEmpty(),
          "inputSource",
          "is a cabinet, which an action cannot read",
          "client_data or step_K_output, or a model");
      at.require(
          step.inputs().isEmpty(),
          "inputs",
          "stand beside a cabinet, whose rows are the whole input",
          "left out, or another inputSource");
    }
    step.rollback().ifPresent(rollback -> check(rollback, node, at.at("rollback")));
    step.block().ifPresent(block -> check(block, step, at));
    step.reduction().ifPresent(reduction -> check(reduction, step, at));
  }

  private void check(ReductionSpec spec, PipelineStep step, Violations at) {
    at.require(
        step.readsCabinet() || plan.place(step).isPresent(),
        "reduction",
        "stands in a step that works on no rows of a node",
        "a step that reads a cabinet, or on their node rows that stay there");
    Violations options = at.at("reduction");
    checks
        .method(Reduction.class, spec.method(), Set.of(), options)
        .ifPresent(
            method -> OptionChecks.typed(options, () -> method.validate(spec.options(), options)));
  }

  private void check(PatternSpec block, PipelineStep step, Violations at) {
    Optional<BlockEngine<?>> engine = BlockEngine.of(block, catalog);
    at.require(
        engine.isPresent(),
        "pattern",
        "has no engine here",
        String.join(", ", catalog.extensions().names(PatternEngine.class)));
    engine.ifPresent(found -> found.validate(at.at("config")));
    at.require(
        !step.readsCabinet(),
        "inputSource",
        "is a cabinet, which a block names in its config",
        "client_data or step_K_output");
    if (!sources.readsSource(step)) {
      at.require(
          step.inputSource().equals(PipelineStep.defaultSource(step.step())),
          "inputSource",
          "is given, but the block reads no data of the job",
          "left out");
      at.require(
          step.inputs().isEmpty(),
          "inputs",
          "are given, but the block reads no data of the job",
          "left out");
      at.require(
          step.rows().isEmpty(),
          "rows",
          "is given, but the block reads no data of the job whose rows it could divide",
          "left out");
    }
  }

  private void check(Rollback rollback, Optional<NodeRecord> own, Violations at) {
    Optional<NodeRecord> node =
        rollback.nodeId().isPresent()
            ? checks.boundNode(rollback.nodeId().get(), at, "nodeId")
            : own;
    at.require(
        node.isPresent() || at.has("nodeId"),
        "nodeId",
        "is missing, and the step names no node either",
        "the id of the node that undoes the step, here or in the step");
    Optional<ModelDescriptor> model =
        rollback.modelId().flatMap(id -> checks.model(id, at, "modelId"));
    node.ifPresent(
        there -> {
          model.ifPresent(m -> checks.runs(there, m, at, "nodeId"));
          rollback.action().ifPresent(action -> checks.performs(there, action, at, "nodeId"));
        });
  }

  private void checkErrorHandling(Violations at) {
    ErrorHandling handling = spec.errorHandling();
    if (handling.onFailure() == OnFailure.FAIL_FAST) {
      at.require(
          handling.maxRetries() == 0,
          "maxRetries",
          "stands beside fail_fast, which never retries",
          "0 or left out, or onFailure rollback_and_retry");
      at.require(
          handling.retryFromStep() == 1,
          "retryFromStep",
          "stands beside fail_fast, which never retries",
          "left out, or onFailure rollback_and_retry");
    } else {
      at.require(
          handling.retryFromStep() == 1 || handling.maxRetries() != 0,
          "retryFromStep",
          "stands beside maxRetries 0, which never retries",
          "left out, or maxRetries 1 or more");
    }
  }
}
