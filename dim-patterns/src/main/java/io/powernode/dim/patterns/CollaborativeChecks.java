package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Reduction;
import java.util.Optional;
import java.util.Set;

/** Whether a collaborative job can work with the models, nodes and plugins that are there. */
final class CollaborativeChecks {
  private static final Set<String> PLANNED_METHODS =
      Set.of("trimmed_mean", "krum", "multi_krum", "bulyan", "histogram");
  private static final Set<String> PLANNED_REDUCTIONS = Set.of("histogram");

  private final CollaborativeSpec spec;
  private final CatalogChecks checks;
  private final Violations violations;

  CollaborativeChecks(CollaborativeSpec spec, Catalog catalog, Violations violations) {
    this.spec = spec;
    this.checks = new CatalogChecks(catalog);
    this.violations = violations;
  }

  void run() {
    Optional<ModelDescriptor> model = checks.model(spec.modelId(), violations, "modelId");
    for (int i = 0; i < spec.nodes().size(); i++) {
      Violations at = violations.at("nodes").at(i);
      checks.node(spec.nodes().get(i), at, "").ifPresent(node -> checkNode(node, model, at));
    }
    checkCounts();
    Optional<Reduction> reduction = reduction();
    Optional<Aggregator> aggregator = aggregator();
    if (reduction.isPresent() && aggregator.isPresent()) {
      Set<String> fitting = aggregator.get().reductions();
      violations
          .at("aggregation")
          .require(
              fitting.contains(reduction.get().name()),
              "method",
              aggregator.get().name() + " does not go with the reduction " + reduction.get().name(),
              "for this method, a reduction of "
                  + String.join(", ", fitting.stream().sorted().toList()));
    }
  }

  private void checkNode(NodeRecord node, Optional<ModelDescriptor> model, Violations at) {
    model.ifPresent(m -> checks.runs(node, m, at, ""));
    spec.cabinet().ifPresent(name -> checks.cabinet(node, name, at, ""));
    wantedLabel(spec)
        .ifPresent(
            label ->
                at.require(
                    LabelColumn.mayBe(label, node, spec),
                    "",
                    "holds no data with the label column " + label,
                    "nodes whose cabinet has it"));
  }

  private void checkCounts() {
    int most = spec.dataRequirements().maxNodes().orElse(CollaborativeEngine.DEFAULT_NODES);
    Violations at = violations.at("dataRequirements");
    if (spec.nodes().isEmpty()) {
      at.require(most >= 2, "maxNodes", "is too small for several nodes", "2 or more");
      violations
          .at("quorum")
          .require(
              spec.quorum().min().orElse(1) <= most,
              "min",
              "is more than the nodes that are chosen",
              "at most " + most + ", or a larger dataRequirements.maxNodes");
    } else {
      at.require(
          spec.dataRequirements().maxNodes().orElse(spec.nodes().size()) >= spec.nodes().size(),
          "maxNodes",
          "is less than the nodes named",
          "at least " + spec.nodes().size() + ", or left out");
    }
  }

  private Optional<Reduction> reduction() {
    Violations at = violations.at("reduction");
    Optional<Reduction> reduction =
        checks.method(Reduction.class, spec.reduction().method(), PLANNED_REDUCTIONS, at);
    reduction.ifPresent(r -> r.validate(spec.reduction().options(), at));
    return reduction;
  }

  private Optional<Aggregator> aggregator() {
    Violations at = violations.at("aggregation");
    Optional<Aggregator> aggregator =
        checks.method(Aggregator.class, spec.aggregation().method(), PLANNED_METHODS, at);
    aggregator.ifPresent(a -> a.validate(spec.aggregation().options(), at));
    violations.require(
        spec.weights().isEmpty() || !(aggregator.orElse(null) instanceof WeightlessAggregator),
        "weights",
        "are not used by the aggregation " + spec.aggregation().method(),
        "left out, or the aggregation weighted_average");
    return aggregator;
  }

  /** The name that the nodes' label columns must have, if the job asks for one. */
  static Optional<String> wantedLabel(CollaborativeSpec spec) {
    try {
      return spec.reduction().options().text("label");
    } catch (InvalidJobException e) {
      return Optional.empty(); // The reduction's own check has already told it.
    }
  }
}
